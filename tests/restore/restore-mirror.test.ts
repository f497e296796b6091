import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mirrorRig } from '../mirror/mirror-rig.ts';
import { faultOf, reportOf, restore } from './restore-rig.ts';

test('a mirror comes back whole or in part, compared with what it holds, and has no past', async () => {
  await using rig = await mirrorRig();
  await rig.write('/space/deep/[odd] {name}', 'odd');
  await rig.write('/space/deep/other', 'other');
  const run = await rig.runToEnd('space');
  assert.equal(run.outcome, 'ok', run.message);
  const all = join(rig.folder, 'all');
  const one = join(rig.folder, 'one');

  const whole = reportOf(await restore(rig, { policy: 'space', to: all }));
  const part = reportOf(await restore(rig, { policy: 'space', to: one, path: '/space/deep/[odd] {name}' }));
  const past = faultOf(
    await restore(rig, { policy: 'space', to: one, snapshot: 'abcdef01', overwrite: true }),
  );
  const live = faultOf(await restore(rig, { policy: 'space', to: join(rig.root, 'space/back') }));

  assert.deepEqual([whole.outcome, whole.files, whole.left], ['ok', 5, []]);
  assert.deepEqual(readdirSync(all).toSorted(), ['deep', 'f00', 'f01', 'f02']);
  assert.equal(readFileSync(join(all, 'deep/other'), 'utf8'), 'other');
  assert.deepEqual([part.outcome, part.files, readdirSync(one)], ['ok', 1, ['[odd] {name}']]);
  assert.deepEqual([past.reason, live.reason], ['SnapshotMissing', 'TargetRefused']);
});
