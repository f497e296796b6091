import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockHolders } from '../../daemon/locks/lock-holders.ts';
import { policyLockFile } from '../../daemon/policies/repository-place.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import { backupPolicy, initialised, policyRig, stateWith, type PolicyRig } from './policy-rig.ts';
import { soon } from '../rig/soon.ts';

test('what a killed anchord left at work is told, no second one begins, and the slot is caught up when it has ended', async () => {
  await using rig = await initialised(await policyRig());
  await mkdir(join(rig.root, 'flux/big'));
  await writeFile(join(rig.root, 'flux/big/random'), randomBytes(3_000_000));
  await rig.store.saveSchedules({
    put: [
      { policy: 'local', cron: '0 * * * *', timezone: 'America/New_York', nextRunAt: '2026-11-21T12:00:00Z' },
    ],
    remove: [],
  });
  const slow = JSON.stringify({ bandwidth: '10KB' });
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('engine-process.js', import.meta.url)), rig.folder, '2026-11-21T12:00:30Z', slow],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exit = once(child, 'exit');
  const restic = await resticOf(policyLockFile(rig.stateDir, 'local'));
  // One that says nothing, as on a disk that does not answer: otherwise it ends when it finds nobody listening.
  process.kill(restic, 'SIGSTOP');
  child.kill('SIGKILL');
  await exit;
  rig.engine.declare(stateWith({ local: backupPolicy() }));
  rig.setTime('2026-11-21T12:10:00Z');

  await rig.engine.start();
  const [status] = await rig.engine.statuses(new Date('2026-11-21T12:10:00Z'));
  const byPerson = await rig.engine.runNow('local');
  const begun = rig.events.filter(({ kind }) => kind === 'run.started').length;
  const caughtUp = runEnded(rig, 'catch-up');
  process.kill(restic, 'SIGCONT');
  process.kill(restic, 'SIGINT');

  assert.deepEqual([status?.state, status?.reason], ['waiting', 'LockHeld']);
  const words = new RegExp(
    `^restic \\(process ${restic}\\), started for local by an anchord that was killed`,
  );
  assert.match(status?.message ?? '', words);
  assert.match(byPerson.kind === 'refused' ? byPerson.fault.message : 'it began', words);
  assert.equal(begun, 0);
  assert.equal((await caughtUp).outcome, 'ok');
});

/** The restic that holds a lock, once there is one. */
async function resticOf(lockFile: string): Promise<number> {
  let pid: number | undefined;
  await soon(async () => {
    pid = (await lockHolders(lockFile)).find(({ program }) => program === 'restic')?.pid;
    return pid !== undefined;
  }, 'a restic has the lock');
  assert.ok(pid !== undefined);
  return pid;
}

async function runEnded(rig: PolicyRig, trigger: Run['trigger']): Promise<Run> {
  for (;;) {
    const { run } = await rig.next('run.ended');
    if (run.trigger === trigger) return run;
  }
}
