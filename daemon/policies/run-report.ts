import type { Run } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';

/** How a run went: a Run without what the engine knows by itself. */
export type RunReport = Omit<Run, 'id' | 'policy' | 'trigger' | 'scheduledFor' | 'startedAt' | 'endedAt'>;

/** A run that ended over a fault. Pure. */
export function faultReport(outcome: 'failed' | 'refused' | 'cancelled', fault: Fault): RunReport {
  return { outcome, reason: fault.reason, message: faultText(fault) };
}
