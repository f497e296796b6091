import { rcloneFault } from '../commands/rclone-fault.ts';
import { canMove, featuresArgs } from '../commands/rclone-features.ts';
import { bringArgs } from '../commands/rclone-mirror.ts';
import { runRclone } from '../commands/rclone.ts';
import { remoteTrouble } from '../commands/remote-trouble.ts';
import { faultText } from '../fault-text.ts';
import { stopped } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { errorReader, judgeBrought, type Brought, type MirrorError } from './brought.ts';
import type { MeasuredSource } from './measure-source.ts';
import { callRclone, type MirrorCallResult, type MirrorRun } from './mirror-calls.ts';
import type { MirrorPlan } from './mirror-plan.ts';

const NAMED_ERRORS = 20;
const ASK_TIMEOUT_MS = 60_000;

/** What is known before files are sent. */
export interface KnownBefore {
  readonly source: MeasuredSource;
  /** Undefined while nothing may be planned, because some of the source cannot be read. */
  readonly plan: MirrorPlan | undefined;
}

/** Sends what is new or changed, and renames; deletes nothing. */
export async function bringFiles(run: MirrorRun, { source, plan }: KnownBefore): Promise<RunReport> {
  const { size } = source;
  if (plan !== undefined && plan.copies + plan.renames + plan.others === 0)
    return { outcome: 'ok', ...size, bytesAdded: 0 };
  const errors = errorReader();
  const result = await send(run, plan, (line) => errors.take(line));
  if (run.job.signal.aborted) return stopped(run.job);
  // rclone also counts the bytes of what was only renamed.
  const sent = result.stats?.bytes ?? 0;
  const brought: Brought =
    result.end === 'exited'
      ? judgeBrought(result.code, errors.errors, (message) => isRemotes(run, message))
      : { kind: 'failed' };
  switch (brought.kind) {
    case 'whole':
      return { outcome: 'ok', ...size, bytesAdded: plan?.bytes ?? sent };
    case 'partial':
      return { ...size, bytesAdded: sent, ...partial(run, brought.errors) };
    case 'failed': {
      const subject = { policy: run.job.name, place: run.job.policy.destination };
      return faultReport('failed', rcloneFault(result, subject));
    }
  }
}

/** A message that names a path of the source speaks of that file, whatever it is called. */
function isRemotes({ job, ends }: MirrorRun, message: string): boolean {
  if (message.includes(ends.request.source)) return false;
  return remoteTrouble(message, { policy: job.name, place: job.policy.destination }) !== undefined;
}

async function send(
  run: MirrorRun,
  plan: MirrorPlan | undefined,
  onLogLine: (line: string) => void,
): Promise<MirrorCallResult> {
  const { request } = run.ends;
  // Without a rename in the plan `copy` does the same, and cannot delete at all.
  const trackRenames = plan !== undefined && plan.renames > 0;
  const renames = trackRenames && !(await movesThere(run)) ? plan.renames : 0;
  return await callRclone(run, {
    args: bringArgs({ ...request, trackRenames }, renames),
    phase: 'sending',
    ...(plan === undefined ? {} : { bytesTotal: plan.bytes }),
    onLogLine,
  });
}

async function movesThere({ job, ends }: MirrorRun): Promise<boolean> {
  const { signal } = job;
  const call = { args: featuresArgs(ends.request.destination), signal, timeoutMs: ASK_TIMEOUT_MS };
  return canMove((await runRclone(ends.place, call)).stdout);
}

function partial({ job }: MirrorRun, errors: readonly MirrorError[]): RunReport {
  const [first] = errors;
  const paths = [...new Set(errors.map(({ path = '' }) => path))];
  const others = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return {
    outcome: 'partial',
    reason: 'MirrorPartial',
    message: faultText({
      message: `all is mirrored but ${first?.path ?? 'some files'}${others} (${first?.message ?? 'no reason given'}); nothing was deleted`,
      next: `make it readable, or exclude it in ${job.name}`,
    }),
    unreadable: paths.slice(0, NAMED_ERRORS),
  };
}
