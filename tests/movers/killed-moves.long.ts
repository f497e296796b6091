import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { graduateApart, killAtStep, wholePlaces } from './kill-at-step.ts';
import { graduatePolicy, later, moverRig, picture } from './mover-rig.ts';

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can mount a second disk' };
const ROUNDS = 30;

test('killed before and after every step of a copy, nothing is lost', asRoot, async () => {
  const policy = graduatePolicy({ name: '{name}' });
  await using rig = await moverRig({ policies: { graduate: policy } });
  rig.disk('/space');
  rig.setTime(later(40));
  const trees = { from: 'flux/active', to: 'space/projects' };

  let killAt = 1;
  while (await killAtStep(rig, { policy, trees }, killAt)) killAt++;

  assert.equal(killAt - 1, 10);
});

test('killed before and after every step of a rename, nothing is lost', async () => {
  const policy = graduatePolicy({ to: '/flux/done', name: '{name}', leaveLink: true });
  await using rig = await moverRig({ policies: { graduate: policy } });
  mkdirSync(join(rig.root, 'flux/done'));
  rig.setTime(later(40));
  const trees = { from: 'flux/active', to: 'flux/done' };

  let killAt = 1;
  while (await killAtStep(rig, { policy, trees }, killAt)) killAt++;

  assert.equal(killAt - 1, 6);
});

test(
  'killed at any time, again and again, every project is whole somewhere and comes to its place',
  asRoot,
  async () => {
    const policy = graduatePolicy({ name: '{name}', limits: { delete: '100%' } });
    await using rig = await moverRig({ policies: { graduate: policy } });
    rig.disk('/space', '256m');
    rig.setTime(later(40));
    const [from, to] = [join(rig.root, 'flux/active'), join(rig.root, 'space/projects')];
    const task = { root: rig.root, stateDir: rig.stateDir, policy, now: later(40), killAt: 0 };
    const names = ['a', 'b', 'c'];
    for (let round = 0; round < ROUNDS; round++) {
      for (const path of [from, to]) rmSync(path, { recursive: true, force: true });
      mkdirSync(to);
      for (const name of names)
        for (let index = 0; index < 200; index++)
          await rig.write(`/flux/active/${name}/${index % 7}/${index}`, 'x'.repeat(randomInt(50_000)));
      const whole = names.map((name) => picture(join(from, name)));

      for (let kills = 0; kills < 3; kills++) {
        await graduateApart(task, 500 + randomInt(2_500));
        const places = [from, to].flatMap(wholePlaces).map(picture);
        for (const one of whole)
          assert.ok(places.includes(one), `round ${round}: a project is nowhere whole`);
      }
      // An rsync that outlives its anchord keeps the trees for itself until it ends: the runs until then are refused.
      for (let run = 0; run < 100 && readdirSync(from).length > 0; run++) await graduateApart(task);

      assert.deepEqual(readdirSync(from), []);
      assert.deepEqual(readdirSync(to).toSorted(), names);
      for (const [index, name] of names.entries()) assert.equal(picture(join(to, name)), whole[index]);
    }
  },
);
