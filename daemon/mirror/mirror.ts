import { isoSeconds } from '../clock.ts';
import { faultText } from '../fault-text.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { stopped } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { withRetries } from '../policies/with-retries.ts';
import { bringFiles } from './bring-files.ts';
import { judgeMirror } from './judge-mirror.ts';
import type { MeasuredSource } from './measure-source.ts';
import type { MirrorRun } from './mirror-calls.ts';
import { mirrorEnds } from './mirror-ends.ts';
import type { MirrorJob } from './mirror-job.ts';
import { lockMirror } from './mirror-locks.ts';
import { recallMirror, rememberMirror, type MirrorMemory } from './mirror-memory.ts';
import { mirrorNotes } from './mirror-notes.ts';
import { newFiles, type MirrorPlan } from './mirror-plan.ts';
import { planMirror } from './plan-mirror.ts';
import { removeObjects } from './remove-objects.ts';

/**
 * Makes the destination equal to the source, in steps that can each be given up: what the source holds is measured, a dry
 * run says what would be done, that is held against limits, then files are brought, and only when all of them are there,
 * exactly the planned objects are deleted. What fails because the remote is away is tried again, from the first step on.
 */
export async function mirror(job: MirrorJob, parts: PolicyParts): Promise<RunReport> {
  const { schedule } = job.policy;
  const { timezone } = job.state.host;
  return redacted(
    await withRetries({ job, schedule, timezone, attempt: () => attemptMirror(job, parts) }, parts),
    parts,
  );
}

async function attemptMirror(job: MirrorJob, parts: PolicyParts): Promise<RunReport> {
  const found = await mirrorEnds(job, parts);
  if (found.kind === 'fault') return faultReport('failed', found.fault);
  job.onProgress({ phase: 'waiting for the source' });
  const locks = await lockMirror(job, parts);
  if (locks.kind === 'ended') return locks.report;
  try {
    return await guarded({ job, parts, ends: found.ends, locks: locks.descriptors });
  } finally {
    await locks.release();
  }
}

/** How a run ended, and what to remember of it when it can be believed. */
interface Ended {
  readonly report: RunReport;
  readonly memory?: Omit<MirrorMemory, 'subject'>;
}

/** A volume that failed meanwhile makes the run doubtful, whatever rclone said: nothing is remembered of it. */
async function guarded(run: MirrorRun): Promise<RunReport> {
  const { job, parts } = run;
  const { source } = job.policy;
  const before = await parts.guard(source, 'read');
  if (before !== undefined) return faultReport('refused', before);
  const { report, memory } = await planned(run);
  if (report.outcome !== 'ok' && report.outcome !== 'partial') return report;
  const after = await parts.guard(source, 'read');
  if (after === undefined) {
    if (memory !== undefined) await rememberMirror(job, parts.store, memory);
    return report;
  }
  const message = `the mirror is suspect, the volume of ${source} failed while it was made: ${faultText(after)}`;
  return { ...report, outcome: 'failed', reason: 'GuardFailed', message };
}

async function planned(run: MirrorRun): Promise<Ended> {
  const at = isoSeconds(run.parts.clock.now());
  const found = await planMirror(run);
  if (run.job.signal.aborted) return { report: stopped(run.job) };
  switch (found.kind) {
    case 'failed':
      return { report: faultReport('failed', found.fault) };
    case 'unreadable':
      // Nothing is renamed either: a file that only cannot be seen would lose its object to one that looks like it.
      return { report: await bringFiles(run, { source: found.source, plan: undefined }) };
    case 'planned':
      return await judged(run, { ...found, at });
  }
}

/** Files first: what cannot be sent must not have lost its older object. */
async function judged(
  run: MirrorRun,
  { source, plan, at }: { readonly source: MeasuredSource; readonly plan: MirrorPlan; readonly at: string },
): Promise<Ended> {
  const { job, parts } = run;
  const memory = await recallMirror(job, parts.store);
  const verdict = await judgeMirror(job, { plan, source: source.size, memory }, parts);
  if (verdict.kind === 'refused') return { report: faultReport('refused', verdict.fault) };
  if (verdict.beginsWithFiles) await verdict.begin();
  const brought = await bringFiles(run, { source, plan });
  if (brought.outcome !== 'ok') return { report: brought };
  const removed = await removeObjects(run, plan, verdict.begin);
  if (removed.kind === 'ended') return { report: { ...brought, ...removed.report } };
  const objects = plan.objects + newFiles(plan, source.size) - removed.count;
  return {
    report: {
      ...brought,
      removed: removed.count,
      message: await mirrorNotes(run, { source, plan, memory }),
    },
    memory: { source: source.size, objects, at },
  };
}

function redacted(report: RunReport, { secrets }: PolicyParts): RunReport {
  const { message, unreadable } = report;
  return {
    ...report,
    ...(message === undefined ? {} : { message: secrets.redact(message) }),
    ...(unreadable === undefined ? {} : { unreadable: unreadable.map((path) => secrets.redact(path)) }),
  };
}
