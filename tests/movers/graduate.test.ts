import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { backupPolicy, initialised } from '../policies/policy-rig.ts';
import { graduatePolicy, Holder, later, moverRig, picture, type MoverRig } from './mover-rig.ts';

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can mount a second disk' };
const YEAR = new Date(later(40)).getUTCFullYear();

test('an old project moves to another disk whole, and leaves nothing behind', asRoot, async () => {
  await using rig = await moverRig({ policies: { graduate: graduatePolicy() } });
  rig.disk('/space');
  const project = await hostileProject(rig, 'old');
  const before = picture(project);
  rig.setTime(later(40));
  await rig.touch('/flux/active/young/file');
  await rig.write('/flux/active/just-a-file', '1');

  const run = await rig.runToEnd('graduate');

  assert.equal(run.outcome, 'ok', run.message);
  assert.equal(run.moved, 1);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/active')).toSorted(), ['just-a-file', 'young']);
  assert.deepEqual(readdirSync(join(rig.root, 'space/projects')), [`${YEAR}-old`]);
  assert.equal(picture(join(rig.root, 'space/projects', `${YEAR}-old`)), before);
  assert.deepEqual(readdirSync(join(rig.stateDir, 'moves')), []);
  const moved = await rig.ledger.movedSince('/flux/active/old', '2000-01-01T00:00:00Z');
  assert.deepEqual(moved, { files: run.files, bytes: run.bytes });
});

test('on one disk a project is renamed, and a link may stay in its place', async () => {
  const policy = graduatePolicy({ to: '/flux/done', leaveLink: true, name: '{name}' });
  await using rig = await moverRig({ policies: { graduate: policy } });
  mkdirSync(join(rig.root, 'flux/done'));
  await rig.write('/flux/active/old/deep/file', 'content');
  rig.setTime(later(40));

  const run = await rig.runToEnd('graduate');

  assert.deepEqual([run.outcome, run.moved], ['ok', 1], run.message);
  assert.equal(readlinkSync(join(rig.root, 'flux/active/old')), '../../flux/done/old');
  assert.equal(await readFile(join(rig.root, 'flux/active/old/deep/file'), 'utf8'), 'content');
  assert.deepEqual(readdirSync(join(rig.root, 'flux/done')), ['old']);
});

test('what must not move stays, and the plan says why', async () => {
  const policy = graduatePolicy({ to: '/flux/done', name: '{name}', exclude: ['*.blend'] });
  await using rig = await moverRig({ policies: { graduate: policy } });
  const open = await rig.write('/flux/active/open/file', '1');
  for (const path of [
    'kept/.keep-local',
    'synced/.stfolder/x',
    'ignored/.stignore',
    'taken/x',
    'modelled/a.blend',
  ])
    await rig.write(`/flux/active/${path}`, '1');
  await rig.write('/flux/active/deep/.keep-local-not/.keep-local', '1');
  await rig.write('/flux/done/taken/y', '1');
  await using _holder = new Holder({ open, cwd: '/' });
  rig.setTime(later(40));
  await rig.touch('/flux/active/young/file');

  const result = await rig.engine.plan('graduate');
  const run = await rig.runToEnd('graduate');

  assert.ok(result.kind === 'preview');
  const { items, skipped, of } = result.preview;
  assert.deepEqual(
    items.map(({ what, to }) => [what, to]),
    [['/flux/active/deep', '/flux/done/deep']],
  );
  assert.equal(of, 8);
  const why = new Map(skipped.map((one) => [one.what.replace('/flux/active/', ''), one.why]));
  assert.match(why.get('kept') ?? '', /holds \.keep-local at its top/);
  assert.match(why.get('synced') ?? '', /\.stfolder/);
  assert.match(why.get('ignored') ?? '', /\.stignore/);
  assert.match(why.get('taken') ?? '', /new name already: \/flux\/done\/taken/);
  assert.match(why.get('modelled') ?? '', /exclude: \*\.blend/);
  assert.match(why.get('open') ?? '', /in use/);
  assert.match(why.get('young') ?? '', /last changed/);
  assert.deepEqual([run.moved, readdirSync(join(rig.root, 'flux/done')).toSorted()], [1, ['deep', 'taken']]);
  assert.match(run.message ?? '', /stayed: /);
});

test('a project moves only when a good snapshot holds it as it is', async () => {
  const policies = {
    local: backupPolicy({ exclude: ['secret'] }),
    graduate: graduatePolicy({ to: '/flux/done', name: '{name}', after: '1s' }),
  };
  await using rig = await moverRig({ policies });
  await initialised(rig);
  mkdirSync(join(rig.root, 'flux/done'));
  await rig.write('/flux/active/one/file', '1');
  await rig.write('/flux/active/secret/file', '1');
  rig.setTime(later(1));

  const never = await rig.runToEnd('graduate');
  await rig.runToEnd('local');
  rig.setTime(later(2));
  await rig.touch('/flux/active/one/changed');
  rig.setTime(later(3));
  const changed = await rig.runToEnd('graduate');
  await rig.runToEnd('local');
  const covered = await rig.runToEnd('graduate');

  assert.match(never.message ?? '', /one: it is in no good snapshot yet, and local should hold it/);
  assert.equal(never.moved, 1, 'what no backup holds has no snapshot to wait for');
  assert.match(changed.message ?? '', /changed since the last good snapshot/);
  assert.equal(changed.moved, 0);
  assert.equal(covered.moved, 1, covered.message);
});

test('a full disk undoes the move: the old place is whole, the new one empty', asRoot, async () => {
  await using rig = await moverRig({ policies: { graduate: graduatePolicy({ bandwidth: '1MiB' }) } });
  const disk = rig.disk('/space', '8m');
  await rig.write('/flux/active/large/a', 'small');
  await rig.write('/flux/active/large/b', 'x'.repeat(3_000_000));
  rig.setTime(later(40));
  const before = picture(join(rig.root, 'flux/active'));
  // There was room when it began; while the second file comes slowly, somebody else takes it.
  const filled = rig.untilProgress('copying large').then(() => disk.fill());

  const run = await rig.runToEnd('graduate');
  await filled;

  assert.equal(run.outcome, 'failed');
  assert.match(run.message ?? '', /the disk became full/);
  assert.equal(picture(join(rig.root, 'flux/active')), before);
  assert.deepEqual(readdirSync(join(rig.root, 'space/projects')), []);
});

test('a project that somebody changes while it is copied stays', asRoot, async () => {
  await using rig = await moverRig({ policies: { graduate: graduatePolicy() } });
  rig.disk('/space');
  await rig.write('/flux/active/busy/a', 'x'.repeat(1_000_000));
  rig.setTime(later(40));
  const changed = rig.untilProgress('hiding').then(() => rig.touch('/flux/active/busy/deep/new'));

  const run = await rig.runToEnd('graduate');
  await changed;

  assert.equal(run.moved, 0);
  assert.match(run.message ?? '', /busy: it was changed while it was copied/);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/active')), ['busy']);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/active/busy')).toSorted(), ['a', 'deep']);
  assert.deepEqual(readdirSync(join(rig.root, 'space/projects')), []);
});

test(
  'the disk of the new place vanishes in the middle: the old place is whole, and the next run goes on',
  asRoot,
  async () => {
    await using rig = await moverRig({ policies: { graduate: graduatePolicy() } });
    const disk = rig.disk('/space');
    await rig.write('/flux/active/old/a', 'content');
    rig.setTime(later(40));
    const pulled = rig.untilProgress('placing').then(() => disk.pull());

    const run = await rig.runToEnd('graduate');
    await pulled;
    const between = readdirSync(join(rig.root, 'flux/active'));
    const next = rig.disk('/space');
    const again = await rig.runToEnd('graduate');

    assert.equal(run.outcome, 'failed', run.message);
    assert.deepEqual(between, ['old']);
    assert.equal(again.moved, 1, again.message);
    assert.ok(existsSync(join(next.at, 'projects', `${YEAR}-old`, 'a')));
  },
);

test('the name of a stranger’s directory in the new place is never taken over', asRoot, async () => {
  await using rig = await moverRig({ policies: { graduate: graduatePolicy() } });
  rig.disk('/space');
  await rig.write('/flux/active/old/a', 'content');
  rig.setTime(later(40));
  const planted = join(rig.root, 'space/projects', `${YEAR}-old`);
  const done = rig.untilProgress('placing').then(() => {
    mkdirSync(planted);
    writeFileSync(join(planted, 'mine'), 'mine');
  });

  const run = await rig.runToEnd('graduate');
  await done;

  assert.equal(run.moved, 0, run.message);
  assert.match(run.message ?? '', /something has its new name already/);
  assert.deepEqual(readdirSync(planted), ['mine']);
  assert.deepEqual(readdirSync(join(rig.root, 'flux/active/old')), ['a']);
});

test('a planted link in the old place does not bring another file into the new one', asRoot, async () => {
  await using rig = await moverRig({ policies: { graduate: graduatePolicy() } });
  rig.disk('/space');
  await rig.write('/etc/shadow', 'the secret of root');
  await rig.write('/flux/active/evil/dir/shadow', 'x'.repeat('the secret of root'.length));
  const evil = join(rig.root, 'flux/active/evil');
  rig.setTime(later(40));
  // Between the look and the copy: rsync would follow the name through the link.
  const swapped = rig.untilProgress('copying').then(() => {
    execFileSync('mv', [join(evil, 'dir'), join(rig.root, 'flux/elsewhere')]);
    symlinkSync(join(rig.root, 'etc'), join(evil, 'dir'));
  });

  const run = await rig.runToEnd('graduate');
  await swapped;

  assert.equal(run.moved, 0, run.message);
  assert.deepEqual(readdirSync(join(rig.root, 'space/projects')), []);
  assert.equal(existsSync(join(rig.root, 'etc/shadow')), true);
});

/** A directory with everything that a copy could lose. */
async function hostileProject(rig: MoverRig, name: string): Promise<string> {
  const project = join(rig.root, 'flux/active', name);
  const file = await rig.write(`/flux/active/${name}/deep/a`, 'content');
  linkSync(file, join(project, 'same file'));
  symlinkSync('/nowhere\nat all', join(project, 'link'));
  symlinkSync('deep', join(project, 'link-to-directory'));
  execFileSync('mkfifo', ['-m', '640', join(project, 'fifo')]);
  execFileSync('truncate', ['-s', '20M', join(project, 'sparse')]);
  execFileSync('chown', ['1234:2345', file, join(project, 'deep')]);
  execFileSync('chmod', ['2775', join(project, 'deep')]);
  mkdirSync(join(project, 'closed'), { mode: 0 });
  await rig.write(`/flux/active/${name}/𝒳 with\nnewline/${'d/'.repeat(100)}end`, 'deep');
  writeFileSync(Buffer.concat([Buffer.from(`${project}/`), Buffer.from([0xff, 0xfe, 0x0a])]), 'no text');
  for (let index = 0; index < 500; index++) await rig.write(`/flux/active/${name}/many/${index}`, `${index}`);
  execFileSync('touch', ['-d', '2020-02-02T02:02:02.123456789Z', file, join(project, 'many')]);
  return project;
}
