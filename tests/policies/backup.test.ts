import assert from 'node:assert/strict';
import { chown, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSnapshots } from '../../daemon/commands/restic-snapshots.ts';
import { backupPolicy, initialised, PASSWORD, policyRig, type PolicyRig } from './policy-rig.ts';

test('a backup makes a snapshot with a fixed host and the tag of its policy, and tells files and bytes', async () => {
  await using rig = await initialised(await policyRig());

  const run = await rig.runToEnd('local');

  assert.equal(run.outcome, 'ok', run.message);
  assert.deepEqual([run.trigger, run.files, run.bytes], ['person', 1, 3]);
  const [snapshot, ...others] = await snapshots(rig);
  assert.deepEqual(others, []);
  assert.ok(snapshot?.id.startsWith(run.snapshot ?? '?'));
  assert.deepEqual(
    [snapshot?.hostname, snapshot?.tags, snapshot?.paths],
    ['motoko', ['policy:local'], [join(rig.root, 'flux')]],
  );
  assert.deepEqual(await rig.store.runs({}), [run]);
});

test('what anchord and Samba keep for themselves and local repositories are left out, whatever the state repo says', async () => {
  const policy = backupPolicy({
    repository: '/flux/re[po]',
    exclude: ['*.tmp', '!.recycle', '!.anchord-*', '!re*'],
  });
  await using rig = await initialised(await policyRig({ policies: { local: policy } }));
  for (const name of [
    'x.tmp',
    '.recycle/old',
    '.anchord-volume',
    'deep/.anchord-staging/part',
    'deep/-dash',
    'deep/new\nline',
  ])
    await rig.write(`/flux/${name}`, 'x');
  for (const name of ['y.log', 'kept.log', 'deep/cache/z']) await rig.write(`/flux/${name}`, 'x');
  await rig.write(
    '/flux/.backup-exclude',
    '*.log\n!kept.log\n/flux/deep/cache\n!*.tmp\n!.recycle\n!.anchord-*\n!re*\n[\n/flux\n',
  );

  const run = await rig.runToEnd('local');

  assert.equal(run.outcome, 'ok', run.message);
  assert.match(run.message ?? '', /\.backup-exclude of \/flux is not obeyed: line 8: .* and 1 more/);
  const listed = (await rig.restic('/flux/re[po]', 'ls', 'latest', '--json'))
    .split('\n')
    .filter((line) => line.includes('"type":"file"'));
  const names = listed.map((line) => (JSON.parse(line) as { name: string }).name).sort();
  assert.deepEqual(names, ['-dash', '.backup-exclude', 'a.txt', 'kept.log', 'new\nline']);
});

test('what is left out by name is only meant below the source, wherever the host lies', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'anchord-policies-'));
  const policy = backupPolicy({ exclude: ['host', '/flux/b.txt', 'sub'] });
  await using rig = await policyRig({ policies: { local: policy }, folder: join(outside, '.anchord-demo') });
  await rig.write('/etc/credentials', `RESTIC_PASSWORD=${PASSWORD}\n`);
  for (const name of ['a.txt', 'b.txt', 'deep/b.txt', 'deep/sub/c.txt', 'deep/.anchord-staging/part'])
    await rig.write(`/flux/${name}`, 'x');
  await initialised(rig);

  const run = await rig.runToEnd('local');
  const listing = await rig.restic('/space/repo', 'ls', 'latest');
  await rm(outside, { recursive: true, force: true });

  assert.equal(run.files, 2, run.message);
  assert.match(listing, /\/flux\/a\.txt$/m);
  assert.match(listing, /\/flux\/deep\/b\.txt$/m);
});

test('forget keeps exactly what the policy keeps, of its own snapshots alone', async () => {
  const policies = {
    local: backupPolicy({ keep: { last: 2 } }),
    other: backupPolicy({ keep: { daily: 7 } }),
  };
  await using rig = await initialised(await policyRig({ policies }));
  await rig.runToEnd('other');
  const runs = [];
  for (let count = 0; count < 4; count++) runs.push(await rig.runToEnd('local'));

  assert.deepEqual(
    runs.map((run) => [run.outcome, run.removed]),
    [
      ['ok', 0],
      ['ok', 0],
      ['ok', 1],
      ['ok', 1],
    ],
  );
  const left = await snapshots(rig);
  assert.deepEqual(
    left.map((one) => one.tags[0]),
    ['policy:other', 'policy:local', 'policy:local'],
  );
  assert.ok(left.at(-1)?.id.startsWith(runs.at(-1)?.snapshot ?? '?'));
});

test('without keep nothing is ever forgotten', async () => {
  await using rig = await initialised(await policyRig({ policies: { local: backupPolicy({ keep: {} }) } }));

  const runs = [await rig.runToEnd('local'), await rig.runToEnd('local')];

  assert.deepEqual(
    runs.map((run) => run.removed),
    [undefined, undefined],
  );
  assert.equal((await snapshots(rig)).length, 2);
});

test('a backup that could not read everything is partial, names what, keeps its snapshot and forgets nothing', async () => {
  const policies = { local: backupPolicy({ keep: { last: 1 } }) };
  await using rig = await initialised(await policyRig({ policies, weak: true }));
  await rig.runToEnd('local');
  const hidden = await rig.write('/flux/hidden\nfile', 'x');
  await chown(hidden, 65_534, 65_534);

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason, run.removed], ['partial', 'BackupPartial', undefined]);
  assert.deepEqual(run.unreadable, [join(rig.root, 'flux/hidden\nfile')]);
  assert.equal((await snapshots(rig)).length, 2);
  const [status] = await rig.engine.statuses(new Date('2026-11-21T12:00:00Z'));
  assert.equal(status?.state, 'partial');
});

test('a wrong password, a missing secret and a missing source each say so, and nothing is made', async () => {
  await using rig = await initialised(await policyRig());
  await rig.write('/etc/credentials', 'RESTIC_PASSWORD=wrong\n');
  const wrong = await rig.runToEnd('local');
  await rig.write('/etc/credentials', 'OTHER=1\n');
  const missing = await rig.runToEnd('local');
  await rig.write('/etc/credentials', `RESTIC_PASSWORD=${PASSWORD}\n`);
  await rename(join(rig.root, 'flux'), join(rig.root, 'elsewhere'));
  const sourceless = await rig.runToEnd('local');

  assert.deepEqual(
    [wrong, missing, sourceless].map((run) => [run.outcome, run.reason]),
    [
      ['failed', 'WrongPassword'],
      ['failed', 'SecretMissing'],
      ['failed', 'SourceMissing'],
    ],
  );
  assert.deepEqual(await snapshots(rig), []);
});

test('a source that is empty after good backups is refused, so that its snapshots are not pushed out', async () => {
  await using rig = await initialised(await policyRig());
  await rig.runToEnd('local');
  await rm(join(rig.root, 'flux/a.txt'));
  await rig.write('/flux/.anchord-volume', '{}');

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['refused', 'SourceMissing']);
  assert.match(run.message ?? '', /is empty.*had 1 files.*; next: /);
  assert.equal((await snapshots(rig)).length, 1);
});

test('a source of nothing but empty folders after good backups is suspect, and nothing is forgotten', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  await rm(join(rig.root, 'flux/a.txt'));
  await mkdir(join(rig.root, 'flux/active'));

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['partial', 'SnapshotSuspect']);
  assert.match(run.message ?? '', /holds no file, recent ones held 1/);
  assert.equal((await snapshots(rig)).length, 2);
});

test('a repository replaced by another with the same password is refused until a person says so', async () => {
  await using rig = await initialised(await policyRig());
  await rm(join(rig.root, 'space/repo'), { recursive: true });
  const gone = await rig.runToEnd('local');
  await rig.restic('/space/repo', 'init');

  const replaced = await rig.runToEnd('local');
  assert.deepEqual(
    [gone.reason, replaced.outcome, replaced.reason],
    ['RepositoryMissing', 'refused', 'RepositoryChanged'],
  );
  assert.deepEqual(await snapshots(rig), []);

  assert.equal((await rig.engine.init('local')).kind, 'adopted');
  assert.equal((await rig.runToEnd('local')).outcome, 'ok');
});

test('init makes nothing while a guard fails, in a folder that holds something else, or through a planted link', async () => {
  await using rig = await policyRig({
    policies: { local: backupPolicy({ repository: '/space/deep/repo' }) },
  });
  rig.faults.set('/space/deep/repo', { reason: 'NotMounted', message: '/space is not mounted' });
  const unmounted = await rig.engine.init('local');
  assert.deepEqual(await readdir(join(rig.root, 'space')), []);
  rig.faults.clear();
  await mkdir(join(rig.folder, 'outside'));
  await symlink(join(rig.folder, 'outside'), join(rig.root, 'space/deep'));
  const planted = await rig.engine.init('local');
  await rm(join(rig.root, 'space/deep'));
  await rig.write('/space/deep/repo/photo.jpg', 'x');
  const foreign = await rig.engine.init('local');

  assert.deepEqual(
    [unmounted, planted, foreign].map((result) => result.kind === 'refused' && result.fault.reason),
    ['NotMounted', 'SymbolicLinkInPath', 'RepositoryMissing'],
  );
  assert.deepEqual(await readdir(join(rig.folder, 'outside')), []);
  assert.deepEqual(await rig.store.repositoryIds(), new Map());
});

test('a source or repository that became a link is not followed', async () => {
  await using rig = await initialised(await policyRig());
  await rename(join(rig.root, 'flux'), join(rig.folder, 'moved'));
  await symlink('/etc', join(rig.root, 'flux'));

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'SymbolicLinkInPath']);
});

test('a volume that fails while a backup runs makes the snapshot suspect, and nothing is forgotten', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  const started = rig.next('run.started');
  const running = rig.runToEnd('local');
  await started;
  rig.faults.set('/flux', { reason: 'ReadOnly', message: '/flux became read-only' });

  const run = await running;

  assert.deepEqual([run.outcome, run.reason], ['failed', 'GuardFailed']);
  assert.match(run.message ?? '', /suspect.*read-only/);
  assert.equal((await snapshots(rig)).length, 2);
});

test('old snapshots are not forgotten while the clock is behind what was recorded', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  rig.setTime('2026-11-20T12:00:00Z');

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['ok', 'ForgetFailed']);
  assert.match(run.message ?? '', /clock says 2026-11-20/);
  assert.equal((await snapshots(rig)).length, 2);
});

async function snapshots(rig: PolicyRig): Promise<ReturnType<typeof parseSnapshots>> {
  return parseSnapshots(await rig.restic('/space/repo', 'snapshots', '--json', '--no-lock'));
}
