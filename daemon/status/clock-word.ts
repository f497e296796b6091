import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ConditionWord } from './conditions.ts';

/** Whether the clock can be trusted with deleting by age. Pure. */
export function clockWord(fault: Fault | undefined, isKeptInStep: boolean | undefined): ConditionWord {
  const type = 'ClockTrusted';
  if (fault !== undefined) return { type, status: 'False', reason: fault.reason, message: faultText(fault) };
  const message =
    isKeptInStep === true
      ? 'The clock is kept in step with a time server.'
      : 'Nothing speaks against the clock; whether it is kept in step with a time server cannot be told here.';
  return { type, status: 'True', reason: 'ClockInStep', message };
}
