import { parseSizeBytes } from '../../state-schema/units.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { pause } from '../locks/wait-for-lock.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { patienceOf, type RunJob } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import { throttled } from '../policies/throttled.ts';
import { shortId } from '../short-id.ts';
import {
  judgeGraduation,
  surveyGraduation,
  type Graduate,
  type GraduationSeen,
  type NamedGraduation,
} from './graduate-survey.ts';
import { moveDirectory, type MoveResult } from './move-directory.ts';
import { openMoves, type MoveIntent, type OpenMove } from './move-journal.ts';
import { figures, groundOf, withTrees, type MoverTools } from './mover-tools.ts';
import type { Mover } from './mover.ts';
import { nameText } from './tree/raw-name.ts';
import { namedFew } from './named-few.ts';
import { settleMove } from './settle-move.ts';

const LOOK_AGAIN_MS = 1_000;

/** Moves the direct directories of one tree, in which nothing has changed for a while, into another. */
export async function graduate(job: NamedGraduation & RunJob, parts: PolicyParts): Promise<RunReport> {
  const { name, policy } = job;
  const left = await openMoves(parts.stateDir, name);
  const trees = [...new Set([policy, ...left].flatMap(({ from, to }) => [from, to]))];
  const about = { name, trees, phase: 'looking' };
  return await withTrees({ ...job, ...about }, parts, (tools) => graduateTrees(job, { parts, tools, left }));
}

interface With {
  readonly parts: PolicyParts;
  readonly tools: MoverTools;
  /** Moves that a crash left open. */
  readonly left: readonly OpenMove[];
}

async function graduateTrees(
  job: NamedGraduation & RunJob,
  { parts, tools, left }: With,
): Promise<RunReport> {
  const fault = await whyNotNow({ job, parts, tools });
  if (fault !== undefined) return faultReport('refused', fault);
  for (const move of left) await settleLeft(move, parts, tools);
  await waitForBackups(job, parts);
  const seen = await surveyGraduation(job, parts, tools.trees);
  const verdict = await judgeGraduation(job, seen, parts);
  if (verdict.kind === 'waits')
    return { ...faultReport('refused', verdict.plan.why), ...figures(tools.done) };
  if (verdict.ready.length > 0) await verdict.begin();
  return await moveAll(verdict.ready, seen, { job, parts, tools });
}

/** Finishes or undoes a move of a run that was killed. */
async function settleLeft(move: OpenMove, parts: PolicyParts, tools: MoverTools): Promise<void> {
  const fault = (await parts.guard(move.from, 'delete')) ?? (await parts.guard(move.to, 'read'));
  if (fault !== undefined) throw new Error(faultText(fault));
  const { trees } = tools;
  const from = await groundOf(trees, { root: parts.root, path: move.from });
  const to = await groundOf(trees, { root: parts.root, path: move.to });
  const settled = await settleMove(move, { parts, trees, from, to, onStep: () => {} });
  if (settled.kind === 'moved') count(move, tools);
}

/** A backup that runs sees what we move away vanish, and is partial for it. Waits for its end, for a bounded time. */
async function waitForBackups(job: NamedGraduation & RunJob, parts: PolicyParts): Promise<void> {
  const { clock, waitMs, signal } = patienceOf(job, parts);
  const deadline = clock.monotonic() + waitMs;
  const { from } = job.policy;
  const readers = Object.entries(job.state.policies).flatMap(([name, policy]) =>
    policy.kind === 'backup' && `${from}/`.startsWith(policy.source === '/' ? '/' : `${policy.source}/`)
      ? [name]
      : [],
  );
  while (!signal.aborted && clock.monotonic() < deadline) {
    const open = await parts.store.openRuns();
    const reader = open.find(({ policy }) => readers.includes(policy));
    if (reader === undefined) return;
    job.onProgress({ phase: `waiting for ${reader.policy}` });
    await pause(LOOK_AGAIN_MS, signal);
  }
}

interface Moving {
  readonly job: NamedGraduation & RunJob;
  readonly parts: PolicyParts;
  readonly tools: MoverTools;
}

async function moveAll(ready: readonly Graduate[], seen: GraduationSeen, moving: Moving): Promise<RunReport> {
  const { tools } = moving;
  const stayed = seen.stayed.map(({ what, why }) => `${what}: ${why}`);
  const failed: string[] = [];
  for (const one of ready) {
    const fault = await whyNotNow(moving);
    if (fault !== undefined)
      return { ...faultReport('failed', fault), ...figures(tools.done), moved: tools.done.moved };
    const result = await moveOne(one, seen, moving);
    if (result.kind === 'stayed') stayed.push(`${nameText(one.name)}: ${result.why}`);
    if (result.kind === 'failed') failed.push(`${nameText(one.name)}: ${faultText(result.fault)}`);
    // A full disk is full for the others as well.
    if (result.kind === 'failed' && result.fault.reason === 'NoSpace') break;
  }
  return reportOf({ stayed, failed }, tools.done);
}

async function moveOne(one: Graduate, seen: GraduationSeen, moving: Moving): Promise<MoveResult> {
  const intent = intentOf(one, seen, moving.job);
  const result = await moveDirectory(intent, one.print, moverOf(intent, seen, moving));
  if (result.kind === 'moved') count(intent, moving.tools);
  return result;
}

async function whyNotNow({ job, parts }: Moving): Promise<Fault | undefined> {
  const { from, to } = job.policy;
  return (
    (await parts.clockFault()) ?? (await parts.guard(from, 'delete')) ?? (await parts.guard(to, 'write'))
  );
}

function reportOf(
  { stayed, failed }: { readonly stayed: readonly string[]; readonly failed: readonly string[] },
  done: MoverTools['done'],
): RunReport {
  const counts = { ...figures(done), moved: done.moved };
  if (failed.length > 0) {
    const outcome = done.moved > 0 ? 'partial' : 'failed';
    return { outcome, reason: 'ProgramFailed', message: namedFew(failed), ...counts };
  }
  return {
    outcome: 'ok',
    ...counts,
    ...(stayed.length === 0 ? {} : { message: `stayed: ${namedFew(stayed)}` }),
  };
}

function count(move: Pick<MoveIntent, 'files' | 'bytes'>, { done }: MoverTools): void {
  done.moved++;
  done.files += move.files;
  done.bytes += move.bytes;
}

function intentOf(
  one: Graduate,
  { from, to }: GraduationSeen,
  { name, policy }: NamedGraduation,
): MoveIntent {
  return {
    id: shortId(),
    policy: name,
    mode: from.device === to.device && from.mount === to.mount ? 'rename' : 'copy',
    from: from.path,
    to: to.path,
    name: one.name,
    newName: one.newName,
    files: one.files,
    bytes: one.bytes,
    leaveLink: policy.leaveLink ?? false,
  };
}

function moverOf(intent: MoveIntent, { from, to }: GraduationSeen, { job, parts, tools }: Moving): Mover {
  const { bandwidth, nice, ionice, exclude = [] } = job.policy;
  const { trees, signal, locks, done } = tools;
  const tell = throttled(job.onProgress, parts.clock);
  return {
    parts,
    trees,
    from,
    to,
    signal,
    locks: [job.lock, ...locks],
    priority: { nice, ionice },
    limitKiB: bandwidth === undefined ? undefined : Math.max(1, Math.floor(parseSizeBytes(bandwidth) / 1024)),
    exclude,
    onStep: (step) => job.onProgress({ phase: step, filesDone: done.files }),
    onCopied: (bytes) =>
      tell({
        phase: `copying ${nameText(intent.name)}`,
        bytesDone: bytes,
        bytesTotal: intent.bytes,
        percent: Math.min(100, (100 * bytes) / Math.max(1, intent.bytes)),
      }),
  };
}
