import type { Run } from '../../state-schema/generated/status.ts';
import { isoSeconds } from '../clock.ts';
import { acquireLock } from '../locks/file-lock.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { OpenRun } from '../store/store.ts';
import { thaw } from './freeze.ts';
import { leftBehindFault } from './left-behind.ts';
import type { PolicyParts } from './policy-parts.ts';
import { policyLockFile } from './repository-place.ts';
import { removeScratch } from './scratch.ts';

/**
 * Ends the runs that a crash, a power cut or kill -9 left open, as failed. One that stood for a slot gives the slot back, so
 * that it is caught up once; an interrupted catch-up does not, or a run that brings the machine down would do so for ever.
 * Gives those that cannot be ended yet, by policy, and why: what they started is still at work.
 */
export async function endInterruptedRuns(parts: PolicyParts): Promise<ReadonlyMap<string, Fault>> {
  const left = new Map<string, Fault>();
  for (const open of await parts.store.openRuns()) {
    const file = policyLockFile(parts.stateDir, open.policy);
    const lock = await acquireLock({ file, mode: 'exclusive' });
    if (lock.kind === 'busy') {
      left.set(open.policy, await leftBehindFault(open.policy, file));
      continue;
    }
    try {
      await removeScratch(parts.stateDir, open.policy);
      const frozen = await thaw(open.policy, parts);
      if (open.trigger !== 'catch-up') await giveBackSlot(open, parts);
      const run = interrupted(open, parts.clock.now(), frozen);
      await parts.store.endRun(run);
      parts.emit({ kind: 'run.ended', run });
    } finally {
      await lock.release();
    }
  }
  return left;
}

/**
 * Makes the slot of a run due again. To be done before the run is ended: should we be killed in between, it is done
 * again, which changes nothing; the other way round the slot would be lost.
 */
export async function giveBackSlot(open: OpenRun, parts: PolicyParts): Promise<void> {
  if (open.scheduledFor === undefined) return;
  const row = (await parts.store.schedules()).find((one) => one.policy === open.policy);
  if (row === undefined) return;
  await parts.store.saveSchedules({ put: [{ ...row, nextRunAt: open.scheduledFor }], remove: [] });
}

function interrupted(open: OpenRun, now: Date, frozen: Fault | undefined): Run {
  const still =
    frozen === undefined ? '' : `; what its freeze hook stopped may still stand still: ${faultText(frozen)}`;
  return {
    ...open,
    endedAt: isoSeconds(now),
    outcome: 'failed',
    reason: 'Interrupted',
    message:
      'anchord or the machine ended while it ran; what it had not finished is not in any snapshot' + still,
  };
}
