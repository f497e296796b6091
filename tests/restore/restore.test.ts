import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { backupPolicy, initialised, policyRig, stateWith, type PolicyRig } from '../policies/policy-rig.ts';
import { biggestPack, faultOf, flipByte, reportOf, restore, snapshots } from './restore-rig.ts';

let rig: PolicyRig;

before(async () => {
  rig = await initialised(await policyRig({ lockWaitMs: 1_000 }));
  const flux = join(rig.root, 'flux');
  mkdirSync(join(flux, 'active/deep'), { recursive: true });
  writeFileSync(join(flux, 'active/deep/[b]*.txt'), 'deep');
  writeFileSync(join(flux, 'active/new\nline'), 'odd');
  writeFileSync(join(flux, 'active/empty'), '');
  symlinkSync('/etc/passwd', join(flux, 'active/link'));
  chmodSync(join(flux, 'active/deep'), 0o2775);
  chownSync(join(flux, 'active/deep'), 1234, 4321);
  chownSync(join(flux, 'active/deep/[b]*.txt'), 1234, 4321);
  utimesSync(join(flux, 'active/deep/[b]*.txt'), 1_500_000_000, 1_500_000_000);
  await rig.runToEnd('local');
});

after(() => rig[Symbol.asyncDispose]());

test('all of a source comes back into a new folder, with names, owners, modes, times and links as they were', async () => {
  const to = join(rig.folder, 'back/all');

  const report = reportOf(await restore(rig, { to }));

  assert.deepEqual([report.outcome, report.files, report.bytes, report.left], ['ok', 4, 10, []]);
  assert.deepEqual(readdirSync(to).toSorted(), ['a.txt', 'active']);
  assert.equal(readFileSync(join(to, 'active/new\nline'), 'utf8'), 'odd');
  assert.equal(readlinkSync(join(to, 'active/link')), '/etc/passwd');
  const deep = statSync(join(to, 'active/deep'));
  assert.deepEqual([deep.mode % 0o10000, deep.uid, deep.gid], [0o2775, 1234, 4321]);
  const file = statSync(join(to, 'active/deep/[b]*.txt'));
  assert.deepEqual([file.uid, file.mtimeMs], [1234, 1_500_000_000_000]);
  assert.equal(statSync(to).mode % 0o1000, 0o700);
});

test('one file comes back under its own name, whatever stands in it, and nothing else does', async () => {
  const to = join(rig.folder, 'back/one');

  const report = reportOf(await restore(rig, { to, path: '/flux/active/deep/[b]*.txt' }));

  assert.deepEqual([report.outcome, report.files], ['ok', 1]);
  assert.deepEqual(readdirSync(to), ['[b]*.txt']);
});

test('a folder that holds something is refused, and with leave its files are replaced and the others stay', async () => {
  const to = join(rig.folder, 'full');
  mkdirSync(join(to, 'active'), { recursive: true });
  writeFileSync(join(to, 'a.txt'), 'newer');
  writeFileSync(join(to, 'active/mine'), 'mine');

  const refused = faultOf(await restore(rig, { to }));
  assert.equal(refused.reason, 'TargetRefused');
  assert.match(refused.message, /is not empty: it holds "a(\.txt|ctive)"/);
  assert.equal(readFileSync(join(to, 'a.txt'), 'utf8'), 'newer');

  const report = reportOf(await restore(rig, { to, overwrite: true }));
  assert.equal(report.outcome, 'ok');
  assert.equal(readFileSync(join(to, 'a.txt'), 'utf8'), 'one');
  assert.equal(readFileSync(join(to, 'active/mine'), 'utf8'), 'mine');
  assert.equal(readFileSync(join(to, 'active/deep/[b]*.txt'), 'utf8'), 'deep');
});

test('what a policy works in is refused, and with leave a lost file comes back to its place', async () => {
  const active = join(rig.root, 'flux/active');
  rmSync(join(active, 'new\nline'));

  const refused = faultOf(await restore(rig, { to: join(active, 'back') }));
  assert.equal(refused.reason, 'TargetRefused');
  assert.match(refused.message, /which is in use: a policy works on it/);
  assert.ok(!existsSync(join(active, 'back')));

  const report = reportOf(
    await restore(rig, { to: active, path: '/flux/active/new\nline', overwrite: true }),
  );
  assert.equal(report.outcome, 'ok');
  assert.equal(readFileSync(join(active, 'new\nline'), 'utf8'), 'odd');
  assert.deepEqual(
    readdirSync(active).filter((name) => name.startsWith('.anchord')),
    [],
  );
});

test('repositories and the state directory are never restored into, and no link is followed', async () => {
  const link = join(rig.folder, 'link');
  symlinkSync('/tmp', link);
  for (const to of [join(rig.root, 'space/repo/x'), join(rig.stateDir, 'x'), join(link, 'x'), link]) {
    const refused = faultOf(await restore(rig, { to, overwrite: true }));

    assert.equal(refused.reason, 'TargetRefused', to);
  }
  const relative = faultOf(await restore(rig, { to: 'x/../y' }));
  assert.equal(relative.reason, 'TargetRefused');
});

test('what is not in the snapshot, and a snapshot that is not there, is said before anything is made', async () => {
  const to = join(rig.folder, 'never');
  const asked = [
    { path: '/flux/active/gone' },
    { path: '/space/x' },
    { snapshot: 'ffffffff' },
    { snapshot: 'a' },
  ];
  for (const request of asked) {
    const refused = faultOf(await restore(rig, { to, ...request }));

    assert.equal(refused.reason, 'SnapshotMissing', JSON.stringify(request));
    assert.ok(!existsSync(join(to, 'flux')));
  }
});

test('a guard that fails for the repository or the folder holds a restore back', async () => {
  rig.engine.declare({
    ...stateWith({ local: backupPolicy() }),
    volumes: { space: { mount: '/space', label: 'space' } },
  });
  rig.faults.set('/space/back', { reason: 'NotMounted', message: 'not mounted' });

  const refused = faultOf(await restore(rig, { to: join(rig.root, 'space/back') }));

  rig.faults.clear();
  assert.equal(refused.reason, 'NotMounted');
});

test('what a restore that was killed left behind is put away by the next one, and nothing of others', async () => {
  const to = join(rig.folder, 'again');
  mkdirSync(join(to, '.anchord-restore-dead/deep'), { recursive: true, mode: 0o700 });
  mkdirSync(join(to, '.anchord-restore-mine'), { mode: 0o755 });

  const report = reportOf(await restore(rig, { to, path: '/flux/a.txt' }));

  assert.equal(report.outcome, 'ok');
  assert.deepEqual(readdirSync(to).toSorted(), ['.anchord-restore-mine', 'a.txt']);
});

test('a directory in the place of a file is not removed, and the report names what is not back', async () => {
  const to = join(rig.folder, 'in-the-way');
  mkdirSync(join(to, 'a.txt'), { recursive: true });

  const report = reportOf(await restore(rig, { to, overwrite: true }));

  assert.deepEqual([report.outcome, report.leftCount], ['partial', 1]);
  assert.deepEqual(report.left, ['a.txt: a directory of its name is in the way']);
  assert.ok(lstatSync(join(to, 'a.txt')).isDirectory());
  assert.equal(readFileSync(join(to, 'active/empty'), 'utf8'), '');
});

test('snapshots are listed newest first with what is known of them, and those of others only when asked for', async () => {
  await rig.restic('/space/repo', 'backup', '--host=wintermute', '--tag=policy:other', rig.folder);

  const own = await snapshots(rig);
  const all = await snapshots(rig, true);

  assert.ok(!('reason' in own) && !('reason' in all));
  assert.deepEqual(
    own.map(({ host, policy, paths, files, bytes }) => [host, policy, paths, files, bytes]),
    [['motoko', 'local', ['/flux'], 4, 10]],
  );
  assert.deepEqual(
    all.map(({ policy }) => policy),
    ['other', 'local'],
  );
});

test('a damaged pack costs the files in it: they are named and not put in place, the others are back', async () => {
  writeFileSync(join(rig.root, 'flux/big'), randomBytes(300_000));
  await rig.runToEnd('local');
  flipByte(biggestPack(join(rig.root, 'space/repo')), 100_000);
  const to = join(rig.folder, 'damaged');

  const report = reportOf(await restore(rig, { to }));

  assert.deepEqual([report.outcome, report.reason, report.files], ['partial', 'RestorePartial', 4]);
  assert.equal(report.leftCount, 1);
  assert.match(report.left[0] ?? '', /^big: .*(verification failed|integrity)/);
  assert.deepEqual(readdirSync(to).toSorted(), ['a.txt', 'active']);
});
