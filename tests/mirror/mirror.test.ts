import assert from 'node:assert/strict';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { mirrorRig, waitingPlan } from './mirror-rig.ts';

test('a first run into an empty destination sends everything, and a second one has nothing to do', async () => {
  await using rig = await mirrorRig({ files: 3 });

  const first = await rig.runToEnd('space');
  const second = await rig.runToEnd('space');

  assert.equal(first.outcome, 'ok', first.message);
  assert.deepEqual([first.files, first.bytes, first.bytesAdded, first.removed], [3, 42, 42, 0]);
  assert.deepEqual([second.outcome, second.bytesAdded, second.removed], ['ok', 0, 0]);
  assert.deepEqual(await rig.objects(), {
    f00: 'content of f00',
    f01: 'content of f01',
    f02: 'content of f02',
  });
});

test('what is changed, renamed and deleted is so in the mirror, and a rename is no deletion', async () => {
  await using rig = await mirrorRig({ files: 4, policy: { trackRenames: true, limits: { delete: 1 } } });
  await rig.runToEnd('space');
  await writeFile(join(rig.root, 'space/f00'), 'another content');
  await rename(join(rig.root, 'space/f01'), join(rig.root, 'space/renamed'));
  await rm(join(rig.root, 'space/f02'));

  const run = await rig.runToEnd('space');

  assert.equal(run.outcome, 'ok', run.message);
  assert.deepEqual([run.removed, run.bytesAdded], [1, 15]);
  const objects = { f00: 'another content', f03: 'content of f03', renamed: 'content of f01' };
  assert.deepEqual(await rig.objects(), objects);
});

test('an emptied source is refused, the mirror keeps every object, and a plan says what to do', async () => {
  await using rig = await mirrorRig({ files: 5 });
  await rig.runToEnd('space');
  await rm(join(rig.root, 'space'), { recursive: true });
  await mkdir(join(rig.root, 'space'));

  const run = await rig.runToEnd('space');

  assert.deepEqual([run.outcome, run.reason], ['refused', 'SourceShrunk']);
  assert.equal(Object.keys(await rig.objects()).length, 5);
  const id = await waitingPlan(rig);
  assert.match(
    run.message ?? '',
    new RegExp(`/space holds no file, and held 5 at .*policy accept space ${id}$`),
  );
});

test('past the limit nothing is deleted until a person accepts exactly that list', async () => {
  await using rig = await mirrorRig({ files: 6, policy: { limits: { delete: 1, shrink: '90%' } } });
  await rig.runToEnd('space');
  for (const name of ['f00', 'f01']) await rm(join(rig.root, 'space', name));
  const refused = await rig.runToEnd('space');
  const id = await waitingPlan(rig);
  await rm(join(rig.root, 'space/f02'));

  const accepted = await rig.engine.accept('space', id);
  const changed = await rig.runToEnd('space');
  const kept = Object.keys(await rig.objects()).length;
  const other = await waitingPlan(rig);
  await rig.engine.accept('space', other);
  const done = await rig.runToEnd('space');
  await rm(join(rig.root, 'space/f03'));
  await rm(join(rig.root, 'space/f04'));
  const again = await rig.runToEnd('space');

  assert.deepEqual([refused.outcome, refused.reason], ['refused', 'LimitExceeded']);
  assert.equal(accepted.kind, 'accepted');
  assert.deepEqual([changed.outcome, kept], ['refused', 6], 'the list has changed since');
  assert.notEqual(other, id);
  assert.deepEqual([done.outcome, done.removed], ['ok', 3], done.message);
  assert.equal(again.outcome, 'refused', 'a word counts once');
});

test('a first run that meets objects nobody knows waits for a person', async () => {
  await using rig = await mirrorRig({ files: 2 });
  await mkdir(join(rig.cloud, 'mirror'));
  await writeFile(join(rig.cloud, 'mirror/somebody’s'), 'precious');

  const run = await rig.runToEnd('space');
  await rig.engine.accept('space', await waitingPlan(rig));
  const accepted = await rig.runToEnd('space');

  assert.deepEqual([run.outcome, run.reason], ['refused', 'FirstRun']);
  assert.deepEqual([accepted.outcome, accepted.removed], ['ok', 1], accepted.message);
});

test('links, pipes and what anchord keeps for itself are not mirrored, and it says so', async () => {
  await using rig = await mirrorRig({ files: 1, policy: { exclude: ['*.tmp'] } });
  await symlink('/etc/passwd', join(rig.root, 'space/link'));
  for (const name of ['.anchord-volume', '.recycle/x', 'a.tmp', 'deep/new\nline'])
    await rig.write(`/space/${name}`, 'x');

  const run = await rig.runToEnd('space');

  assert.equal(run.outcome, 'ok', run.message);
  assert.match(run.message ?? '', /^1 symbolic link is not mirrored; what is deleted there is gone$/);
  assert.deepEqual(Object.keys(await rig.objects()), ['deep/new\nline', 'f00']);
});
