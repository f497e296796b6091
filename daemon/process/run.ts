import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import { lineSplitter } from './line-splitter.ts';

const KILL_AFTER_MS = 5_000;
/**
 * What a child that has ended may still have in its pipes is read within this; whoever else holds them is not waited
 * for. Counted in turns of the event loop: after a long one all the time may be over and nothing read yet.
 */
const LAST_WORDS = { turns: 20, everyMs: 50 } as const;
/** A child that even SIGKILL does not end waits for a dead disk. It is left behind after this. */
const GIVE_UP_AFTER_MS = 5_000;
/** A longer timer would go off at once. About 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
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
  /** Called for each line of stdout, at most `LINE_LIMIT` of it; stdout is then not collected. */
  readonly onStdoutLine?: (line: string) => void;
  /** Called for each line of stderr, at most `LINE_LIMIT` of it; stderr is still collected. */
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
  /** stderr without the secrets that the program was given, for messages; given by those who know them. */
  readonly said?: string;
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
  const givenUp = new AbortController();
  function stop(why: 'stopped' | 'timed-out'): void {
    if (cause !== undefined) return;
    cause = why;
    send(child, options.stop?.signal ?? 'SIGTERM', options.stop?.to ?? 'group');
    killer = setTimeout(kill, options.killAfterMs ?? KILL_AFTER_MS);
  }
  function kill(): void {
    send(child, 'SIGKILL', 'group');
    killer = setTimeout(() => givenUp.abort(), GIVE_UP_AFTER_MS);
  }
  function onAbort(): void {
    stop('stopped');
  }
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => stop('timed-out'), Math.min(options.timeoutMs, LONGEST_TIMER_MS));

  try {
    const exit = await waitFor(child, givenUp.signal);
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

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Waits until the child has ended and its pipes are empty. A process that it started and that outlives it, such as a
 * hook of a repository that is somebody else's, may hold the pipes open for ever.
 */
function waitFor(child: ChildProcess, givenUp: AbortSignal): Promise<Exit | 'not-found'> {
  return new Promise((resolve, reject) => {
    let lastWords: NodeJS.Timeout | undefined;
    let turns = 0;
    function end(exit: Exit): void {
      clearInterval(lastWords);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(exit);
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve('not-found');
      else reject(new Error(`could not start ${child.spawnfile}: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      lastWords = setInterval(() => {
        turns++;
        if (turns > LAST_WORDS.turns) end({ code, signal });
      }, LAST_WORDS.everyMs);
    });
    child.once('close', (code, signal) => end({ code, signal }));
    givenUp.addEventListener(
      'abort',
      () => {
        child.unref();
        end({ code: null, signal: 'SIGKILL' });
      },
      { once: true },
    );
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
  const lines = onLine === undefined ? undefined : lineSplitter(onLine);
  let size = 0;
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    if (keep && size < OUTPUT_LIMIT_BYTES) {
      chunks.push(chunk);
      size += chunk.length;
    }
    lines?.take(chunk);
  });
  stream?.on('end', () => lines?.end());
  return () => chunks.join('');
}
