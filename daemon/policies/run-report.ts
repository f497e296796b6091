import type { Run } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';

/** How a run went: a Run without what the engine knows by itself. */
export type RunReport = Omit<Run, 'id' | 'policy' | 'trigger' | 'scheduledFor' | 'startedAt' | 'endedAt'>;

/** A run that ended over a fault. Pure. */
export function faultReport(outcome: 'failed' | 'refused' | 'cancelled', fault: Fault): RunReport {
  return { outcome, reason: fault.reason, message: faultText(fault) };
}

/** A good run after which something did not go well: told beside what was told already, and spoils nothing. Pure. */
export function withTrouble(report: RunReport, trouble: Pick<Fault, 'reason' | 'message'>): RunReport {
  const message = report.message === undefined ? trouble.message : `${report.message}; ${trouble.message}`;
  return { ...report, reason: trouble.reason, message };
}
