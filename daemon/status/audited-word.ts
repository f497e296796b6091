import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ConditionWord } from './conditions.ts';

/** Whether the audit's files are what was written. */
export function auditedWord(fault: Fault | undefined): ConditionWord {
  if (fault === undefined) {
    const message = 'Every line of the audit follows from the one before it.';
    return { type: 'Audited', status: 'True', reason: 'AuditIntact', message };
  }
  return { type: 'Audited', status: 'False', reason: fault.reason, message: faultText(fault) };
}
