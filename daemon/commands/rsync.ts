import { run, type RunResult } from '../process/run.ts';
import type { Fault } from '../errors.ts';
import { commandWithPriority, type Priority } from './priority.ts';

/** One call of rsync between two open directories. */
export interface RsyncCall {
  /** Descriptors of the directory to be read and of the one to be written. */
  readonly source: number;
  readonly target: number;
  /** Descriptors of locks that must last as long as rsync runs, even when anchord is killed. */
  readonly locks: readonly number[];
  /** PATH of the child. */
  readonly path: string;
  readonly priority: Priority;
  readonly signal: AbortSignal;
  readonly onStdoutLine?: (line: string) => void;
}

/** The descriptors as the child has them: it inherits them right after its standard ones. */
const PLACES = ['/proc/self/fd/3/.', '/proc/self/fd/4/'] as const;
const WHOLE = [
  '--archive',
  '--hard-links',
  '--acls',
  '--xattrs',
  '--numeric-ids',
  '--one-file-system',
  // To the nanosecond. Without it times are equal within one second, and rsync leaves a directory that it made in that second.
  '--modify-window=-1',
] as const;

/** Copies everything, and prints the bytes of each file that is done. `limitKiB`: the most per second. Pure. */
export function copyArgs(limitKiB: number | undefined): readonly string[] {
  const limit = limitKiB === undefined ? [] : [`--bwlimit=${limitKiB}`];
  return [...WHOLE, '--sparse', '--whole-file', '--out-format=%l', ...limit, '--', ...PLACES];
}

/**
 * Copies nothing, and prints a line for each thing that is not the same on both sides: also access control lists and
 * extended attributes, which nothing else here can see. Contents are held equal when size and time are. Pure.
 */
export function differenceArgs(): readonly string[] {
  return [...WHOLE, '--dry-run', '--delete', '--itemize-changes', '--', ...PLACES];
}

/** Runs rsync. It is stopped with its helpers: it is one program in several processes. */
export async function runRsync(call: RsyncCall, rsyncArgs: readonly string[]): Promise<RunResult> {
  const { program, args } = commandWithPriority(call.priority, ['rsync', ...rsyncArgs]);
  return await run({
    program,
    args,
    env: { PATH: call.path, LC_ALL: 'C' },
    fds: [call.source, call.target, ...call.locks],
    signal: call.signal,
    ...(call.onStdoutLine === undefined ? {} : { onStdoutLine: call.onStdoutLine }),
  });
}

/** Why rsync did not do its work; undefined when it did. Exit codes as in rsync(1). Pure. */
export function rsyncFault(result: RunResult): Fault | undefined {
  if (result.end === 'exited' && result.code === 0) return undefined;
  if (result.end === 'not-found') return rsyncMissing;
  const said = result.stderr.trim().split('\n').slice(0, 3).join('; ').slice(0, 400);
  const how = `rsync ended with ${result.code ?? result.signal ?? result.end}: ${said}`;
  if (/No space left on device|Disk quota exceeded/.test(result.stderr))
    return { reason: 'NoSpace', message: `the disk became full: ${how}`, next: 'make room there' };
  // 24: something vanished while it was read; 23: something could not be read or written whole.
  if (result.code === 24)
    return { reason: 'SourceUnreadable', message: `it was changed while it was copied: ${how}` };
  return { reason: 'ProgramFailed', message: how };
}

/** What is said when there is no rsync. */
export const rsyncMissing: Fault = {
  reason: 'ProgramMissing',
  message: 'the program rsync is not installed',
  next: 'apt install rsync',
};
