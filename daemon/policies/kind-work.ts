import type { Fault } from '../errors.ts';
import type { AcceptAnswer } from './plans/accept-answer.ts';
import type { PreviewResult } from './plans/policy-preview.ts';
import type { RunJob } from './run-job.ts';
import type { RunReport } from './run-report.ts';

/** What the engine can do with a policy, whatever its kind. */
export interface KindWork {
  /** What a person has to do before it can ever run; undefined when that is done. */
  readonly notSetUp: () => Promise<Fault | undefined>;
  /** Why it cannot begin now although nothing is wrong with its data: its slot then waits. Includes `notSetUp`. */
  readonly preflight: () => Promise<Fault | undefined>;
  /** One run, from its lock to its outcome. What it throws is a failed run. */
  readonly run: (job: RunJob) => Promise<RunReport>;
  /** What the next run would do; absent for kinds of which nothing can be said before. Changes nothing. */
  readonly plan?: () => Promise<PreviewResult>;
  /** Takes a person's word for a plan, or a snapshot, of that id; absent for kinds that never ask. */
  readonly accept?: (id: string) => Promise<AcceptAnswer>;
}
