import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { graduatePolicy, later, moverRig, picture, purgePolicy, type MoverRig } from './mover-rig.ts';
import { RacingUser } from './racing-user.ts';

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can race with another user' };
const ROUNDS = 10;
const NOBODY = 65_534;

test(
  'a user who swaps directories for links while root purges loses nothing but his own old entries',
  asRoot,
  async () => {
    const policy = purgePolicy({ limits: { delete: '100%' } });
    await using rig = await moverRig({ policies: { purge: policy } });
    const precious = await open(rig, 'flux/scratch');
    const before = picture(precious);
    rig.setTime(later(40));
    let removed = 0;
    {
      await using _user = new RacingUser({ tree: join(rig.root, 'flux/scratch'), target: precious });
      for (let round = 0; round < ROUNDS; round++) {
        const run = await rig.runToEnd('purge');
        assert.notEqual(run.reason, 'InternalError', run.message);
        removed += run.removed ?? 0;
      }
    }

    assert.ok(removed > 0, 'nothing was removed, so nothing was raced for');
    assert.equal(picture(precious), before);
  },
);

test(
  'a user who swaps directories for links while root graduates gets nothing into the new place',
  asRoot,
  async () => {
    const policy = graduatePolicy({ name: '{name}', limits: { delete: '100%' } });
    await using rig = await moverRig({ policies: { graduate: policy } });
    rig.disk('/space');
    const precious = await open(rig, 'flux/active');
    const before = picture(precious);
    rig.setTime(later(40));
    {
      await using _user = new RacingUser({ tree: join(rig.root, 'flux/active'), target: precious });
      for (let round = 0; round < ROUNDS; round++) {
        const run = await rig.runToEnd('graduate');
        assert.notEqual(run.reason, 'InternalError', run.message);
      }
    }

    assert.equal(picture(precious), before);
    const look = 'grep -rl "the secret of root" "$1" || test $? -eq 1';
    const stolen = execFileSync('sh', ['-c', look, 'sh', join(rig.root, 'space')], { encoding: 'utf8' });
    assert.equal(stolen, '');
  },
);

test('of a hundred thousand entries the thread that walks them keeps only what it tells of', async () => {
  const policy = purgePolicy({ limits: { delete: '100%' } });
  await using rig = await moverRig({ policies: { purge: policy } });
  const script = `cd "$1" && seq 1 100000 | xargs touch`;
  execFileSync('sh', ['-c', script, 'sh', join(rig.root, 'flux/scratch')]);
  const before = process.memoryUsage().rss;

  const young = await rig.runToEnd('purge');

  assert.equal(young.removed ?? 0, 0);
  const grown = (process.memoryUsage().rss - before) / 1024 ** 2;
  assert.ok(grown < 150, `${grown} MiB more`);
});

/** Lets an ordinary user write in a tree, and makes what must not be touched beside it. */
async function open(rig: MoverRig, tree: string): Promise<string> {
  for (const path of ['', 'flux']) chmodSync(join(rig.root, path), 0o755);
  chmodSync(rig.folder, 0o755);
  const shared = join(rig.root, tree);
  chownSync(shared, NOBODY, NOBODY);
  const precious = join(rig.root, 'flux/precious');
  mkdirSync(precious);
  for (const name of ['a/b/c/file', 'a/b/other', 'file'])
    await rig.write(`/flux/precious/${name}`, 'the secret of root');
  execFileSync('chmod', ['-R', 'go=', precious]);
  chmodSync(precious, 0o755);
  assert.deepEqual(readdirSync(shared), []);
  return precious;
}
