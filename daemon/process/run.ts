import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';

const KILL_AFTER_MS = 5_000;
const OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024;

/** How to run one host program. There is no shell, and the environment is exactly `env`. */
export interface RunOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to the child's stdin, which is then closed; without it stdin is /dev/null. */
  readonly input?: string | Uint8Array;
  /** Open descriptors handed down as 3, 4, … */
  readonly fds?: readonly number[];
  /** Milliseconds until the child is stopped. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /**
   * The first signal when the child must stop, and whom it reaches. restic wants SIGINT and to itself alone:
   * sent to its whole group it leaves a lock behind. Default: SIGTERM to the group.
   */
  readonly stop?: { readonly signal: NodeJS.Signals; readonly to: 'group' | 'child' };
  /** Milliseconds between the first stop signal and SIGKILL. Default 5 s. */
  readonly killAfterMs?: number;
  /** Called for each whole line of stdout; stdout is then not collected. */
  readonly onStdoutLine?: (line: string) => void;
  /** Called for each whole line of stderr; stderr is still collected. */
  readonly onStderrLine?: (line: string) => void;
}

/** How a child ended. */
export interface RunResult {
  /** `not-found`: the program is not installed. `stopped`: by the abort signal. `timed-out`: by `timeoutMs`. */
  readonly end: 'exited' | 'signalled' | 'not-found' | 'stopped' | 'timed-out';
  /** Exit status; null unless it exited by itself. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a host program to its end. Never rejects for what the program does: every way to end is in the result.
 * The only module that starts processes.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted === true) return ended('stopped');
  const child = start(options);
  const stdout = collect(child.stdout, options.onStdoutLine, options.onStdoutLine === undefined);
  const stderr = collect(child.stderr, options.onStderrLine, true);
  // A child that ends without reading its input breaks the pipe; its exit status says what matters.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);

  let cause: 'stopped' | 'timed-out' | undefined;
  let killer: NodeJS.Timeout | undefined;
  function stop(why: 'stopped' | 'timed-out'): void {
    if (cause !== undefined) return;
    cause = why;
    send(child, options.stop?.signal ?? 'SIGTERM', options.stop?.to ?? 'group');
    killer = setTimeout(() => send(child, 'SIGKILL', 'group'), options.killAfterMs ?? KILL_AFTER_MS);
  }
  function onAbort(): void {
    stop('stopped');
  }
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined ? undefined : setTimeout(() => stop('timed-out'), options.timeoutMs);

  try {
    const exit = await waitFor(child);
    if (exit === 'not-found') return ended('not-found');
    const end = cause ?? (exit.signal === null ? 'exited' : 'signalled');
    return { end, code: exit.code, signal: exit.signal, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function ended(end: RunResult['end']): RunResult {
  return { end, code: null, signal: null, stdout: '', stderr: '' };
}

function start(options: RunOptions): ChildProcess {
  const stdio: StdioOptions = [
    options.input === undefined ? 'ignore' : 'pipe',
    'pipe',
    'pipe',
    ...(options.fds ?? []),
  ];
  // Its own process group, so that a kill reaches grandchildren (ssh under git, rclone under restic).
  return spawn(options.program, [...options.args], {
    env: { ...options.env },
    stdio,
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

function waitFor(
  child: ChildProcess,
): Promise<{ code: number | null; signal: NodeJS.Signals | null } | 'not-found'> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve('not-found');
      else reject(new Error(`could not start ${child.spawnfile}: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function send(child: ChildProcess, signal: NodeJS.Signals, to: 'group' | 'child'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(to === 'group' ? -child.pid : child.pid, signal);
  } catch (error) {
    // It ended between our decision and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function collect(
  stream: Readable | null,
  onLine: ((line: string) => void) | undefined,
  keep: boolean,
): () => string {
  const chunks: string[] = [];
  let size = 0;
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    if (keep && size < OUTPUT_LIMIT_BYTES) {
      chunks.push(chunk);
      size += chunk.length;
    }
    if (onLine === undefined) return;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (onLine !== undefined && rest !== '') onLine(rest);
  });
  return () => chunks.join('');
}
