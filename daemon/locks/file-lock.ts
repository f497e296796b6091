import { close, constants, ftruncateSync, open, readFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { Stalled } from '../errors.ts';
import { run } from '../process/run.ts';

const BUSY_EXIT_CODE = 75;
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** What to lock, and whether others may hold it too. */
export interface LockRequest {
  /** The lock file; it and its folder are made when absent, and it is never removed: a lock on a removed file protects nothing. */
  readonly file: string;
  readonly mode: 'exclusive' | 'shared';
}

/** A lock that was got, or who has it. */
export type LockResult =
  | {
      readonly kind: 'held';
      /** Gives the lock up; a second call does nothing. Without a call the lock lasts as long as this process, however it ends. */
      readonly release: () => Promise<void>;
      /** A child that it is handed to keeps the lock as long as it runs, even when this process is killed. */
      readonly descriptor: number;
    }
  | {
      readonly kind: 'busy';
      /** The process that took it last and still lives; for messages only. */
      readonly holder?: { readonly pid: number };
    };

const openFile = promisify(open);
const closeFile = promisify(close);

/**
 * Takes a lock that holds over processes and ends with this one, even by kill -9 or a power cut. Does not wait.
 *
 * The kernel ties a flock(2) lock to the open file, not to who asked for it: flock(1) locks our descriptor, which it
 * inherits as 3, and leaves; the lock stays until we close it. Node opens files close-on-exec, so no other child gets it,
 * unless it is handed down on purpose.
 */
export async function acquireLock(request: LockRequest): Promise<LockResult> {
  await mkdir(dirname(request.file), { recursive: true, mode: 0o700 });
  // A plain number, not a FileHandle: the garbage collector closes a FileHandle nobody refers to, and the lock with it.
  const descriptor = await openFile(
    request.file,
    constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    if (!(await lock(descriptor, request))) {
      const holder = holderOf(descriptor);
      await closeFile(descriptor);
      return holder === undefined ? { kind: 'busy' } : { kind: 'busy', holder };
    }
    sign(descriptor);
  } catch (error) {
    await closeFile(descriptor);
    throw error;
  }
  return { kind: 'held', release: releaser(descriptor), descriptor };
}

/** Says who has the lock, for messages. On a full disk it is held unsigned. */
function sign(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

async function lock(descriptor: number, request: LockRequest): Promise<boolean> {
  const result = await run({
    program: 'flock',
    args: ['--nonblock', '--conflict-exit-code', String(BUSY_EXIT_CODE), `--${request.mode}`, '3'],
    env: { PATH },
    fds: [descriptor],
  });
  if (result.end === 'exited' && result.code === 0) return true;
  if (result.end === 'exited' && result.code === BUSY_EXIT_CODE) return false;
  if (result.end === 'not-found') {
    throw new Stalled({
      reason: 'ProgramMissing',
      message: 'the program flock is not installed; nothing can be locked',
      next: 'apt install util-linux',
    });
  }
  throw new Stalled({
    reason: 'ProgramFailed',
    message: `${request.file} could not be locked: flock ended with ${result.code ?? result.signal}: ${result.stderr.trim()}`,
    next: `check that the file system of ${request.file} supports flock`,
  });
}

function holderOf(descriptor: number): { readonly pid: number } | undefined {
  const pid = Number.parseInt(readFileSync(descriptor, 'utf8'), 10);
  return Number.isSafeInteger(pid) && pid > 0 && isAlive(pid) ? { pid } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function releaser(descriptor: number): () => Promise<void> {
  let released: Promise<void> | undefined;
  // Once only: the number may already belong to another file.
  return () => (released ??= closeFile(descriptor));
}
