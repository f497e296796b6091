import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSnapshots } from '../../daemon/commands/restic-snapshots.ts';
import { rememberProved } from '../../daemon/policies/proved-snapshot.ts';
import { backupPolicy, initialised, policyRig, stateWith, type PolicyRig } from './policy-rig.ts';

test('a list of snapshots that a changed keep makes long waits for a person; the proved one never goes', async () => {
  const policies = { local: backupPolicy({ keep: { last: 9 } }) };
  await using rig = await initialised(await policyRig({ policies }));
  for (let day = 1; day <= 5; day++) await older(rig, `2026-11-1${day} 12:00:00`);
  const [proved] = await snapshots(rig);
  await rememberProved(rig.store, 'local', proved?.id ?? '');
  assert.equal((await rig.runToEnd('local')).removed, 0);
  rig.engine.declare(stateWith({ local: backupPolicy({ keep: { last: 1 }, exclude: ['*.tmp'] }) }));

  const refused = await rig.runToEnd('local');
  const plan = await rig.engine.plan('local');

  assert.deepEqual([refused.outcome, refused.reason, refused.removed], ['ok', 'LimitExceeded', undefined]);
  assert.match(refused.message ?? '', /5 of 7 snapshots would be forgotten.*anchord policy accept local/);
  assert.ok(plan.kind === 'preview');
  assert.deepEqual(
    [plan.preview.items.length, plan.preview.of, plan.preview.excludes],
    [6, 7, ['*.tmp', '.recycle', '.anchord-*']],
  );
  assert.equal((await rig.engine.accept('local', plan.preview.waiting?.id ?? '')).kind, 'accepted');
  assert.equal((await rig.runToEnd('local')).removed, 5);
  const left = await snapshots(rig);
  assert.deepEqual([left.length, left[0]?.id], [3, proved?.id]);
  const [last] = await rig.store.runs({ policy: 'local', limit: 1 });
  assert.equal(last?.reason, undefined, last?.message);
});

/** A snapshot as an earlier run would have left it. */
async function older(rig: PolicyRig, time: string): Promise<void> {
  const source = join(rig.root, 'flux');
  await rig.restic('/space/repo', 'backup', '--host=motoko', '--tag=policy:local', `--time=${time}`, source);
}

async function snapshots(rig: PolicyRig): Promise<ReturnType<typeof parseSnapshots>> {
  return parseSnapshots(await rig.restic('/space/repo', 'snapshots', '--json', '--no-lock'));
}
