import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ConditionWord } from '../status/conditions.ts';
import type { Revisions } from '../store/store.ts';
import { quarantineOf } from './rollback.ts';

/** Nothing waits for a person. */
const NOT_STALLED: ConditionWord = {
  type: 'Stalled',
  status: 'False',
  reason: 'NotStalled',
  message: 'Nothing waits for a person.',
};

/** Whether a person must act although nothing new was pushed: only when a revision is in quarantine. */
export function stalledWord(known: Revisions): ConditionWord {
  const entry = quarantineOf(known);
  if (entry === undefined || known.lastGood === undefined) return NOT_STALLED;
  const fault = quarantineFault(entry, known.lastGood);
  return {
    type: 'Stalled',
    status: 'True',
    reason: fault.reason,
    message: faultText(fault),
    observedRevision: entry.revision,
  };
}

/** What stands in the way of a revision that was tried before. */
export function quarantineFault(
  entry: { readonly revision: string; readonly message: string },
  lastGood: string,
): Fault {
  const bad = entry.revision.slice(0, 10);
  return {
    reason: 'RolledBack',
    message: `revision ${bad} could not be carried out, so ${lastGood.slice(0, 10)}, the last good one, is in force again: ${entry.message}`,
    next: `push a commit that mends it, or mend its cause here, then: anchord apply`,
  };
}
