import { faultOf, Stalled, type Fault } from '../errors.ts';
import { lockTrees } from '../locks/tree-locks.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { patienceOf, type RunJob } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import type { TreeGround } from './tree/tree-ground.ts';
import { TreeService } from './tree/tree-service.ts';

/** What a run on trees works with. */
export interface MoverTools {
  readonly trees: TreeService;
  /** Ends the run: a person, the end of the daemon, or its time is up. Its reason is the Fault. */
  readonly signal: AbortSignal;
  /** Descriptors of locks that programs must keep as long as they run. */
  readonly locks: readonly number[];
  /** What was done so far; the report of a run that is stopped says so as well. */
  readonly done: RunCounts;
}

/** Figures of a run. */
export interface RunCounts {
  removed: number;
  moved: number;
  files: number;
  bytes: number;
}

/** A run on trees. */
export interface TreesJob extends RunJob {
  readonly name: string;
  /** Host paths of all trees it changes. */
  readonly trees: readonly string[];
  /** What is being done, in the progress. */
  readonly phase: string;
}

/** Locks the trees of a run, gives it a thread to walk them, and turns every way to end into a report. */
export async function withTrees(
  job: TreesJob,
  parts: PolicyParts,
  work: (tools: MoverTools) => Promise<RunReport>,
): Promise<RunReport> {
  job.onProgress({ phase: 'waiting for the tree' });
  const locks = await lockTrees(job.trees, { stateDir: parts.stateDir, ...patienceOf(job, parts) });
  if (locks.kind === 'busy') {
    return job.signal.aborted
      ? faultReport('cancelled', job.signal.reason as Fault)
      : faultReport('failed', treeInUse(job.name, locks.tree));
  }
  const done: RunCounts = { removed: 0, moved: 0, files: 0, bytes: 0 };
  const { signal } = job;
  try {
    await using trees = new TreeService({
      signal,
      onSeen: (seen) => job.onProgress({ phase: job.phase, filesDone: seen }),
    });
    return await work({ trees, signal, locks: locks.descriptors, done });
  } catch (error) {
    const fault = signal.aborted ? (signal.reason as Fault) : faultOf(error);
    const outcome = signal.aborted && fault.reason !== 'TimedOut' ? 'cancelled' : 'failed';
    return { ...faultReport(outcome, fault), ...figures(done) };
  } finally {
    await locks.release();
  }
}

/** The figures of a report: those that are not zero. Pure. */
export function figures(done: RunCounts): Partial<RunCounts> {
  return Object.fromEntries(Object.entries(done).filter(([, value]) => value > 0));
}

/** Finds a tree for a run. Throws `Stalled` when it is not there, or when a link stands in its path. */
export async function groundOf(
  trees: Pick<TreeService, 'ask'>,
  place: { readonly root: string; readonly path: string },
): Promise<TreeGround> {
  const answer = await trees.ask({ kind: 'ground', ...place });
  if (answer.kind === 'ground') return answer.ground;
  const { path } = place;
  throw new Stalled({
    reason: 'SourceMissing',
    message: `${path} is no directory that anchord can enter (${answer.why}); it follows no link`,
    next: `declare ${path} under directories, or correct the policy`,
  });
}

function treeInUse(name: string, tree: string): Fault {
  return {
    reason: 'LockHeld',
    message: `${name} waited too long for another policy at work in or above ${tree}`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  };
}
