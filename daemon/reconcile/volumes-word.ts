import { faultText } from '../fault-text.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import type { ConditionWord } from '../status/conditions.ts';

/** Whether every volume is what it should be; of those that are not, the first. Pure. */
export function volumesWord(guarded: readonly GuardedVolume[]): ConditionWord {
  const type = 'VolumesGuarded';
  for (const { verdict } of guarded) {
    if (verdict.kind !== 'failed') continue;
    return { type, status: 'False', reason: verdict.fault.reason, message: faultText(verdict.fault) };
  }
  const count = guarded.length;
  if (count === 0) return { type, status: 'Unknown', reason: 'NoVolumes', message: 'No volume is declared.' };
  return {
    type,
    status: 'True',
    reason: 'GuardsPassed',
    message: `${count} volumes are what they should be.`,
  };
}
