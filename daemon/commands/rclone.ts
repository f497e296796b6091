import { join } from 'node:path';
import { run, type RunResult } from '../process/run.ts';
import type { Redact } from '../secrets/redaction.ts';
import { commandWithPriority, type Priority } from './priority.ts';

/** What rclone may take to end what it does with a remote after SIGINT, before it is killed. */
const CLEAN_UP_MS = 15_000;

/** Where rclone runs, whatever it does. */
export interface RcloneHome {
  /** Is rclone's home and holds its cache. */
  readonly stateDir: string;
  /** PATH of the child. */
  readonly path: string;
}

/** Where rclone runs, and the remotes that it knows there. */
export interface RclonePlace extends RcloneHome {
  /** Variables of the remotes it may use, from remoteEnvironment(); they hold secrets. */
  readonly remotes: Readonly<Record<string, string>>;
  /** Takes known secrets out of what a message quotes of rclone. Without it no remote is given. */
  readonly redact?: Redact | undefined;
  readonly priority?: Priority | undefined;
}

/** One call. */
export interface RcloneCall {
  /** What comes after `rclone`. Never -vv: it prints the secrets of remotes, up to rclone 1.75 at least. */
  readonly args: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** The most to transfer per second, bytes. */
  readonly bandwidth?: number | undefined;
  /** Called for each line of stdout, which is then not collected. */
  readonly onStdoutLine?: ((line: string) => void) | undefined;
  /** Called for each line of the log on stderr as it is; rclone-log.ts reads them. */
  readonly onLogLine?: ((line: string) => void) | undefined;
  /** Says once a second how far it is. */
  readonly progress?: boolean | undefined;
  /** Descriptors of locks that must last as long as rclone runs, even when anchord is killed. */
  readonly locks?: readonly number[] | undefined;
}

/** Runs rclone with a log of JSON lines. How it ended is told by rcloneFault. */
export async function runRclone(place: RclonePlace, call: RcloneCall): Promise<RunResult> {
  const { program, args } = commandWithPriority(place.priority, [
    'rclone',
    ...call.args,
    ...commonArgs(call),
  ]);
  const { onLogLine } = call;
  const result = await run({
    program,
    args,
    env: { ...rcloneEnvironment(place), ...place.remotes },
    fds: call.locks ?? [],
    killAfterMs: CLEAN_UP_MS,
    stop: { signal: 'SIGINT', to: 'child' },
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    ...(call.onStdoutLine === undefined ? {} : { onStdoutLine: call.onStdoutLine }),
    ...(onLogLine === undefined ? {} : { onStderrLine: onLogLine }),
  });
  return { ...result, said: place.redact?.(result.stderr) ?? result.stderr };
}

/** The environment of rclone without any remote: nothing is inherited, and no configuration file is read or written. Pure. */
export function rcloneEnvironment({ path, stateDir }: RcloneHome): Readonly<Record<string, string>> {
  return {
    PATH: path,
    HOME: stateDir,
    LC_ALL: 'C.UTF-8',
    // Empty: the configuration is in memory alone.
    RCLONE_CONFIG: '',
    RCLONE_CACHE_DIR: join(stateDir, 'rclone-cache'),
    RCLONE_ASK_PASSWORD: 'false',
    // A server that is away is known to be so within seconds; by default each of ten tries takes a minute.
    RCLONE_CONTIMEOUT: '20s',
  };
}

function commonArgs({ bandwidth, progress }: RcloneCall): readonly string[] {
  return [
    '--use-json-log',
    // Statistics are logged at this level, so that they are seen without the many lines of INFO.
    ...(progress === true ? ['--stats=1s', '--stats-log-level=NOTICE'] : ['--stats=0']),
    ...(bandwidth === undefined ? [] : [`--bwlimit=${Math.max(1, Math.floor(bandwidth))}B`]),
  ];
}
