import assert from 'node:assert/strict';
import test from 'node:test';
import { killAtStep } from './kill-at-step.ts';
import { graduatePolicy, later, moverRig } from './mover-rig.ts';

const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can mount a second disk' };
const trees = { from: 'flux/active', to: 'space/projects' };

test(
  'killed after any step of a copy, the project is whole in one place, and the next run moves it',
  asRoot,
  async () => {
    const policy = graduatePolicy({ name: '{name}' });
    await using rig = await moverRig({ policies: { graduate: policy } });
    rig.disk('/space');
    rig.setTime(later(40));

    // Each step is told twice: right before it is written down, and right after.
    for (const [index, step] of ['begun', 'copying', 'hiding', 'placing', 'removing'].entries())
      assert.equal(await killAtStep(rig, { policy, trees }, 2 * index + 2), true, step);
  },
);
