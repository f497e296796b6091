import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { killed, slowRestic, wholeLocks } from './lock-holders.ts';
import { backupPolicy, initialised, policyRig } from './policy-rig.ts';

test('the lock of a dead restic of this host is put away, once, and the backup forgets as usual', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  await killed(await slowRestic(rig));
  assert.equal(wholeLocks(rig).length, 1);

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason, run.removed], ['ok', undefined, 1]);
  assert.deepEqual(await readdir(join(rig.root, 'space/repo/locks')), []);
});

test('the lock of a living restic is respected: the backup is good, forgetting says that it could not', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) }, lockWaitMs: 1_000 }),
  );
  await rig.runToEnd('local');
  const child = await slowRestic(rig);
  const exit = once(child, 'exit');

  const run = await rig.runToEnd('local');
  const [status] = await rig.engine.statuses(new Date('2026-11-21T12:00:00Z'));
  child.kill('SIGINT');
  await exit;

  assert.deepEqual([run.outcome, run.reason], ['ok', 'ForgetFailed']);
  assert.match(run.message ?? '', new RegExp(`locked by process ${child.pid}`));
  assert.equal(status?.state, 'partial');
});
