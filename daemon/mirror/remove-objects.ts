import { rcloneFault } from '../commands/rclone-fault.ts';
import { removeArgs } from '../commands/rclone-mirror.ts';
import type { Fault } from '../errors.ts';
import { stopped } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { callRclone, type MirrorRun } from './mirror-calls.ts';
import type { MirrorPlan } from './mirror-plan.ts';
import { writeRemovalList } from './removal-list.ts';

/** How many objects were deleted, or the report of a run that ended over it. */
export type Removed =
  | { readonly kind: 'removed'; readonly count: number }
  | { readonly kind: 'ended'; readonly report: RunReport };

/** Deletes exactly what was planned, after one more look at the disk that says what is gone. `begin`: called right before. */
export async function removeObjects(
  run: MirrorRun,
  { removals }: MirrorPlan,
  begin: () => Promise<void>,
): Promise<Removed> {
  if (removals.length === 0) return { kind: 'removed', count: 0 };
  const { job, parts, ends } = run;
  const { source, destination } = ends.request;
  const guard = await parts.guard(job.policy.source, 'delete');
  if (guard !== undefined) return { kind: 'ended', report: faultReport('failed', nothingDeleted(guard)) };
  await using list = await writeRemovalList(removals, {
    source,
    stateDir: parts.stateDir,
    policy: job.name,
  });
  if (list.count === 0) return { kind: 'removed', count: 0 };
  await begin();
  const result = await callRclone(run, {
    args: removeArgs({ destination, list: list.file, most: list.count }),
    phase: 'deleting',
  });
  if (job.signal.aborted) return { kind: 'ended', report: stopped(job) };
  if (result.end === 'exited' && result.code === 0)
    return { kind: 'removed', count: result.stats?.deletes ?? 0 };
  const subject = { policy: job.name, place: job.policy.destination };
  // How many went is not known: rclone counts the objects that it tried.
  return { kind: 'ended', report: faultReport('failed', rcloneFault(result, subject)) };
}

function nothingDeleted(fault: Fault): Fault {
  return { ...fault, message: `nothing was deleted from the mirror: ${fault.message}` };
}
