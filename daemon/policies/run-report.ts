import type { Run } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';

/** How a run went: a Run without what the engine knows by itself. */
export type RunReport = Omit<Run, 'id' | 'policy' | 'trigger' | 'scheduledFor' | 'startedAt' | 'endedAt'>;

/** A run that ended over a fault. Pure. */
export function faultReport(outcome: 'failed' | 'refused' | 'cancelled', fault: Fault): RunReport {
  return { outcome, reason: fault.reason, message: faultText(fault) };
}

/** A fault as one line: what is wrong, and what to do. Pure. */
export function faultText(fault: Fault): string {
  return fault.next === undefined ? fault.message : `${fault.message}. Next: ${fault.next}`;
}
