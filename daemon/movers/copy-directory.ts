import { copyArgs, differenceArgs, rsyncFault, runRsync } from '../commands/rsync.ts';
import type { Fault } from '../errors.ts';
import { run } from '../process/run.ts';
import type { MoveIntent } from './move-journal.ts';
import type { Mover } from './mover.ts';
import type { OwnPlace } from './tree/move-protocol.ts';

/** A copy that is on the disk and equals what it was made of, or why there is none. */
export type CopyResult =
  /** `inode`: that of the copy. */
  | { readonly kind: 'copied'; readonly inode: string }
  /** The directory is as it was, and so it stays. */
  | { readonly kind: 'stayed'; readonly why: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Copies a directory into a place of our own, makes the copy durable, and compares both. */
export async function copyDirectory(move: MoveIntent, staging: OwnPlace, mover: Mover): Promise<CopyResult> {
  const { trees, from } = mover;
  const open = await trees.ask({ kind: 'open-copy', ground: from, name: move.name, staging });
  try {
    if (open.freeBytes < move.bytes)
      return { kind: 'stayed', why: `it needs ${move.bytes} bytes there, and ${open.freeBytes} are free` };
    const fault = await copy(open, mover);
    if (fault?.reason === 'SourceUnreadable') return { kind: 'stayed', why: fault.message };
    if (fault !== undefined) return { kind: 'failed', fault };
    return await compare(move, { staging, ...open }, mover);
  } finally {
    await trees.ask({ kind: 'close', descriptors: [open.source, open.target] });
  }
}

interface Descriptors {
  readonly source: number;
  readonly target: number;
}

async function copy({ source, target }: Descriptors, mover: Mover): Promise<Fault | undefined> {
  const { locks, parts, priority, signal } = mover;
  let copied = 0;
  const result = await runRsync(
    {
      source,
      target,
      locks,
      path: parts.path,
      priority,
      signal,
      onStdoutLine(line) {
        copied += Number.parseInt(line, 10) || 0;
        mover.onCopied(copied);
      },
    },
    copyArgs(mover.limitKiB),
  );
  return rsyncFault(result) ?? (await makeDurable(target, mover));
}

/** One call for the whole disk: for thousands of small files it is faster than one for each, and as good. */
async function makeDurable(target: number, { parts, locks }: Mover): Promise<Fault | undefined> {
  const result = await run({
    program: 'sync',
    args: ['--file-system', '/proc/self/fd/3/.'],
    env: { PATH: parts.path, LC_ALL: 'C' },
    fds: [target, ...locks],
  });
  if (result.end === 'exited' && result.code === 0) return undefined;
  return {
    reason: 'InputOutputError',
    message: `the copy could not be made durable: ${result.stderr.trim()}`,
  };
}

/**
 * By ourselves from descriptor to descriptor, which nobody can lead astray; then by rsync, which alone sees access control
 * lists and extended attributes.
 */
async function compare(
  { name }: MoveIntent,
  about: Descriptors & { readonly staging: OwnPlace },
  mover: Mover,
): Promise<CopyResult> {
  const { staging, source, target } = about;
  const { trees, from, locks, parts, priority, signal } = mover;
  const found = await trees.ask({ kind: 'compare', ground: from, name, staging });
  if (found.kind === 'differs') return { kind: 'stayed', why: `${found.what} (it may be in use)` };
  const call = { source, target, locks, path: parts.path, priority, signal };
  const result = await runRsync(call, differenceArgs());
  const fault = rsyncFault(result);
  if (fault !== undefined) return { kind: 'failed', fault };
  const [first] = result.stdout.split('\n').filter((line) => line !== '');
  return first === undefined
    ? { kind: 'copied', inode: found.inode }
    : { kind: 'stayed', why: `rsync tells it from its copy: ${first}` };
}
