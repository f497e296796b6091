import { posix } from 'node:path';
import type { Progress } from '../../state-schema/generated/status.ts';
import { rcloneFault } from '../commands/rclone-fault.ts';
import { parseCompared, restoreCopyArgs, verifyArgs } from '../commands/rclone-compare.ts';
import { runRclone } from '../commands/rclone.ts';
import type { Fault } from '../errors.ts';
import type { DirHandle } from '../files/dir-handle.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { mirrorEnds, type MirrorEnds } from '../mirror/mirror-ends.ts';
import type { NamedMirror } from '../mirror/mirror-job.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { Left } from './left.ts';
import { moveIn } from './move-in.ts';
import type { RestoreReport, RestoreRequest } from './restore-request.ts';
import { safeTarget } from './safe-target.ts';
import { makeStage, targetLockFile, type Stage } from './stage.ts';
import { isWithin, openTarget } from './target.ts';

/** One restore from a mirror. */
export interface MirrorRestore {
  readonly request: RestoreRequest;
  readonly mirror: NamedMirror;
  readonly parts: PolicyParts;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

interface Opened extends MirrorRestore {
  readonly ends: MirrorEnds;
  readonly folder: DirHandle;
  readonly locks: readonly number[];
}

/**
 * Brings a mirror back into a folder: what it holds now, for it has no history. Owners and modes are not in a mirror. What
 * came is compared with the mirror, by hash where the remote has one, before it is moved to where it was asked for.
 */
export async function restoreMirror(restore: MirrorRestore): Promise<RestoreReport | Fault> {
  const { request, mirror, parts, signal } = restore;
  const refusal =
    onlyLatest(request) ?? outside(restore) ?? (await safeTarget(request, { state: mirror.state, parts }));
  if (refusal !== undefined) return refusal;
  const found = await mirrorEnds(mirror, parts);
  if (found.kind === 'fault') return found.fault;
  const file = targetLockFile(parts.stateDir, request.to);
  const lock = await waitForLock({ file, mode: 'exclusive' }, { clock: parts.clock, waitMs: 0, signal });
  if (lock.kind === 'busy')
    return { reason: 'LockHeld', message: `something is being restored to ${request.to} already` };
  try {
    const opened = openTarget(request.to);
    if (opened.kind === 'refused') return opened.fault;
    using folder = opened.folder;
    return await fetchAndMove({ ...restore, ends: found.ends, folder, locks: [lock.descriptor] });
  } finally {
    await lock.release();
  }
}

async function fetchAndMove(restore: Opened): Promise<RestoreReport | Fault> {
  const { folder, onProgress, signal, request } = restore;
  using stage = makeStage(folder);
  const names = namesBelow(restore);
  onProgress({ phase: 'download' });
  const fetched = await rclone(restore, stage, { step: 'fetch' });
  if (signal.aborted) return { ...emptyReport(request), outcome: 'cancelled', reason: 'Cancelled' };
  if (fetched.fault !== undefined) return fetched.fault;
  onProgress({ phase: 'compare' });
  const left = new Left({ path: '/', isWhole: true });
  let files = 0;
  const compared = await rclone(restore, stage, {
    step: 'verify',
    onStdoutLine(line) {
      const { kind, path } = parseCompared(line);
      if (kind === 'same') files++;
      else if (kind === 'missing') left.add(path, 'it did not come');
      else if (kind === 'different') left.add(path, 'it is not what the mirror holds');
    },
  });
  if (compared.fault !== undefined) return compared.fault;
  if (files === 0 && left.count === 0) return nothingThere(restore);
  onProgress({ phase: 'move' });
  // One that is not what the mirror holds stays where it is, and goes with the stage.
  if (left.count === 0) moveAll(restore, stage, { names, left });
  return reportOf(restore, files, left);
}

interface Step {
  readonly step: 'fetch' | 'verify';
  readonly onStdoutLine?: (line: string) => void;
}

async function rclone(
  { ends, mirror, locks, signal, request }: Opened,
  stage: Stage,
  { step, onStdoutLine = () => {} }: Step,
): Promise<{ readonly fault?: Fault }> {
  const handed = [...locks, stage.folder.descriptor];
  const call = {
    from: ends.request.destination,
    // Descriptors are handed down from 3 on.
    to: `/proc/self/fd/${3 + locks.length}`,
    only: request.path === undefined ? undefined : belowSource(request.path, mirror),
  };
  const args = step === 'fetch' ? restoreCopyArgs(call) : verifyArgs(call);
  const result = await runRclone(ends.place, { args, signal, locks: handed, onStdoutLine });
  // 1 says that something differs, which the lines have told.
  const isEnded = result.end === 'exited' && (result.code === 0 || (step === 'verify' && result.code === 1));
  if (isEnded || signal.aborted) return {};
  return { fault: rcloneFault(result, { policy: mirror.name, place: mirror.policy.destination }) };
}

function moveAll(
  { folder, request }: Opened,
  stage: Stage,
  { names, left }: { readonly names: readonly string[]; readonly left: Left },
): void {
  function failed(path: string, what: string): void {
    left.add(path, what);
  }
  const last = names.at(-1);
  if (request.path === undefined || last === undefined) {
    for (const name of stage.folder.names()) moveIn(stage.folder, folder, { name, path: name, failed });
    return;
  }
  let from = stage.folder.again();
  try {
    for (const name of names.slice(0, -1)) {
      const next = from.open(name);
      from[Symbol.dispose]();
      from = next;
    }
    moveIn(from, folder, { name: last, path: last, failed });
  } finally {
    from[Symbol.dispose]();
  }
}

function namesBelow({ request, mirror }: MirrorRestore): readonly string[] {
  return request.path === undefined
    ? []
    : belowSource(request.path, mirror)
        .split('/')
        .filter((name) => name !== '');
}

/** A host path as the mirror names it. */
function belowSource(path: string, { policy }: NamedMirror): string {
  return posix.relative(policy.source, posix.resolve('/', path));
}

function outside({ request, mirror }: MirrorRestore): Fault | undefined {
  if (request.path === undefined) return undefined;
  const path = posix.resolve('/', request.path);
  if (path !== mirror.policy.source && isWithin(path, mirror.policy.source)) return undefined;
  return {
    reason: 'SnapshotMissing',
    message: `${path} does not lie in ${mirror.policy.source}, which is what ${mirror.name} mirrors`,
    next: `name a path below ${mirror.policy.source}`,
  };
}

function onlyLatest({ snapshot, policy }: RestoreRequest): Fault | undefined {
  if (snapshot === 'latest') return undefined;
  return {
    reason: 'SnapshotMissing',
    message: `${policy} is a mirror: it has no snapshots, only what its source last held`,
    next: 'leave --snapshot out',
  };
}

function nothingThere({ request, mirror }: MirrorRestore): Fault {
  return {
    reason: 'SnapshotMissing',
    message: `${mirror.policy.destination} holds no ${request.path ?? 'file'}`,
    next: `anchord policy log ${mirror.name}`,
  };
}

function emptyReport({ policy, to }: RestoreRequest): Omit<RestoreReport, 'outcome'> {
  return { policy, to, files: 0, bytes: 0, left: [], leftCount: 0 };
}

function reportOf({ request }: MirrorRestore, files: number, left: Left): RestoreReport {
  const report = { ...emptyReport(request), files, left: left.some, leftCount: left.count };
  if (left.count === 0) return { ...report, outcome: 'ok' };
  return {
    ...report,
    outcome: 'failed',
    reason: 'RestorePartial',
    message: `${left.count} files are not what the mirror holds`,
    next: 'try again; when it stays so, the mirror or the way to it is damaged',
  };
}
