import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSnapshots } from '../../daemon/commands/restic-snapshots.ts';
import { addSuspect, readSuspicion } from '../../daemon/policies/suspects.ts';
import { backupPolicy, initialised, policyRig, type PolicyRig } from './policy-rig.ts';

test('a source that lost much makes a suspect snapshot; nothing is forgotten until a person accepts it', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 }, limits: { shrink: '30%' } }) } }),
  );
  await files(rig, 9);
  rig.setTime('2026-11-21T12:10:00Z');
  assert.equal((await rig.runToEnd('local')).reason, undefined);
  await rm(join(rig.root, 'flux/many'), { recursive: true });
  rig.setTime('2026-11-21T12:20:00Z');
  const suspect = await rig.runToEnd('local');
  await files(rig, 9);
  rig.setTime('2026-11-21T12:30:00Z');
  const back = await rig.runToEnd('local');

  assert.deepEqual([suspect.outcome, suspect.reason], ['partial', 'SnapshotSuspect']);
  assert.match(
    suspect.message ?? '',
    /1 files instead of 10.*30% less.*anchord policy accept local [0-9a-f]{8}/,
  );
  assert.deepEqual([back.outcome, back.reason, back.removed], ['ok', 'SnapshotSuspect', undefined]);
  assert.equal((await snapshots(rig)).length, 3);
  const [status] = await rig.engine.statuses(new Date('2026-11-21T12:30:00Z'));
  assert.deepEqual([status?.state, status?.reason], ['partial', 'SnapshotSuspect']);

  const unknown = await rig.engine.accept('local', '00000000');
  assert.equal(unknown.kind === 'refused' && unknown.fault.reason, 'PlanUnknown');
  const accepted = await rig.engine.accept('local', suspect.snapshot?.slice(0, 8) ?? '');
  assert.equal(accepted.kind, 'accepted');
  await rm(join(rig.root, 'flux/many'), { recursive: true });
  rig.setTime('2026-11-21T12:40:00Z');
  const after = await rig.runToEnd('local');

  // Its size is usual from now on, and is the lower one of two.
  assert.deepEqual([after.outcome, after.reason, after.removed], ['ok', undefined, 3], after.message);
});

test('what anchord itself moved away makes nothing suspect', async () => {
  const policies = { local: backupPolicy({ limits: { shrink: '0%' } }) };
  await using rig = await initialised(await policyRig({ policies }));
  await files(rig, 9);
  await rig.runToEnd('local');
  await rm(join(rig.root, 'flux/many'), { recursive: true });
  rig.setTime('2026-11-21T12:20:00Z');
  await rig.ledger.add({ at: '2026-11-21T12:15:00Z', path: '/flux/many', files: 9, bytes: 9 });

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['ok', undefined], run.message);
});

test('accepting a suspect accepts those before it, not those after it, and an odd id none', async () => {
  await using rig = await policyRig();
  for (const snapshot of ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'])
    await addSuspect(rig.store, 'local', {
      snapshot,
      at: '2026-11-21T12:00:00Z',
      files: 1,
      bytes: 1,
      why: 'x',
    });

  for (const id of ['', 'b', 'bbb', 'dddddddd', '__proto__'])
    assert.equal((await rig.engine.accept('local', id)).kind, 'refused', id);
  assert.equal((await rig.engine.accept('local', `bbbbbbbb${'0'.repeat(56)}`)).kind, 'accepted');

  const { open, accepted } = await readSuspicion(rig.store, 'local');
  assert.deepEqual([open.map((one) => one.snapshot), accepted?.upTo], [['cccccccc'], 2]);
});

test('what is remembered of suspects is not passed over when it cannot be read', async () => {
  await using rig = await policyRig();
  for (const text of ['{', '{}', '[{"number":1}]', 'null']) {
    await rig.store.saveFact('policy.suspects.local', text);
    await assert.rejects(readSuspicion(rig.store, 'local'));
  }
});

async function files(rig: PolicyRig, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await rig.write(`/flux/many/${index}`, 'x');
}

async function snapshots(rig: PolicyRig): Promise<ReturnType<typeof parseSnapshots>> {
  return parseSnapshots(await rig.restic('/space/repo', 'snapshots', '--json', '--no-lock'));
}
