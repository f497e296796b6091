import { suspendedText, type Suspended } from '../suspension.ts';
import type { ConditionWord } from './conditions.ts';

/** Whether a person has suspended the host, and who, why and until when. Pure. */
export function suspendedWord(suspended: Suspended | undefined): ConditionWord {
  const type = 'Suspended';
  return suspended === undefined
    ? { type, status: 'False', reason: 'NotSuspended', message: 'Nobody suspended this host.' }
    : { type, status: 'True', reason: 'Suspended', message: suspendedText(suspended) };
}
