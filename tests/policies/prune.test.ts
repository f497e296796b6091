import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Run } from '../../state-schema/generated/status.ts';
import { addSuspect } from '../../daemon/policies/suspects.ts';
import { backupPolicy, initialised, policyRig, type PolicyRig } from './policy-rig.ts';

const NEVER = '0 0 1 1 *';
const POLICIES = {
  local: backupPolicy({ schedule: NEVER, keep: { last: 1 }, prune: { schedule: '0 8 * * 0' } }),
  other: backupPolicy({ schedule: NEVER, keep: { last: 9 } }),
};

test('prune is a row of its own, runs at its own slot, and gives the space of what was forgotten back', async () => {
  await using rig = await initialised(await policyRig({ policies: POLICIES }));
  await mkdir(join(rig.root, 'flux/big'));
  await writeFile(join(rig.root, 'flux/big/random'), randomBytes(3_000_000));
  await rig.runToEnd('local');
  await rm(join(rig.root, 'flux/big'), { recursive: true });
  assert.equal((await rig.runToEnd('local')).removed, 1);
  const before = await sizeOf(rig);
  await rig.engine.start();
  const ended = endOf(rig, 'local.prune');
  rig.setTime('2026-11-22T13:00:30Z'); // Sunday, eight o'clock in New York

  await rig.engine.wake();
  const run = await ended;

  assert.deepEqual([run.outcome, run.trigger, run.scheduledFor], ['ok', 'schedule', '2026-11-22T13:00:00Z']);
  assert.match(run.message ?? '', /^2\.\d+ MiB of \/space\/repo given back$/);
  assert.ok(before - (await sizeOf(rig)) > 2_500_000);
  const statuses = await rig.engine.statuses(new Date('2026-11-22T13:00:30Z'));
  const row = statuses.find(({ name }) => name === 'local.prune');
  assert.deepEqual(
    [row?.kind, row?.state, row?.source, row?.target, row?.nextRunAt],
    ['prune', 'ok', 'local', '/space/repo', '2026-11-29T13:00:00Z'],
  );
  await rig.restic('/space/repo', 'check');
});

test('a prune waits while a snapshot in its repository is suspect, a guard fails or the clock is in doubt', async () => {
  await using rig = await initialised(await policyRig({ policies: POLICIES }));
  await addSuspect(rig.store, 'other', {
    snapshot: 'aaaaaaaa',
    at: '2026-11-21T12:00:00Z',
    files: 1,
    bytes: 1,
    why: 'x',
  });
  const suspect = await rig.engine.runNow('local.prune');
  assert.equal((await rig.engine.accept('other', 'aaaaaaaa')).kind, 'accepted');
  rig.faults.set('/space/repo', { reason: 'NotMounted', message: '/space is not mounted' });
  const unmounted = await rig.engine.runNow('local.prune');
  rig.faults.clear();
  await rig.runToEnd('local');
  rig.setTime('2026-11-20T12:00:00Z');
  const behind = await rig.engine.runNow('local.prune');

  assert.deepEqual(
    [suspect, unmounted, behind].map((result) => result.kind === 'refused' && result.fault.reason),
    ['SnapshotSuspect', 'NotMounted', 'ClockBehind'],
  );
});

async function endOf(rig: PolicyRig, policy: string): Promise<Run> {
  for (;;) {
    const { run } = await rig.next('run.ended');
    if (run.policy === policy) return run;
  }
}

/** Bytes of its data. */
async function sizeOf(rig: PolicyRig): Promise<number> {
  const data = join(rig.root, 'space/repo/data');
  const names = await readdir(data, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(data, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
