import { join } from 'node:path';
import { run, type RunResult } from '../process/run.ts';
import { openSecretDescriptor } from '../secrets/secret-fd.ts';
import type { SecretValue } from '../secrets/secret-value.ts';

/** What restic may take to put its lock away after SIGINT, before it is killed. */
const CLEAN_UP_MS = 30_000;

/** A repository, and everything around it that each call of restic needs. */
export interface ResticPlace {
  /** Where the repository really is, with the root's prefix. */
  readonly repository: string;
  readonly password: SecretValue;
  /** Holds restic's cache and is its home. */
  readonly stateDir: string;
  /** PATH of the child. */
  readonly path: string;
  /** IANA zone: restic counts hours and days of a snapshot by the local time it was made at. */
  readonly timezone: string;
  readonly priority?: Priority;
}

/** How restic gives way to other programs. */
export interface Priority {
  readonly nice?: number | undefined;
  readonly ionice?: 'best-effort' | 'idle' | undefined;
}

/** One call. */
export interface ResticCall {
  /** From one of the restic-*.ts files: what comes after `restic`. */
  readonly args: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onStdoutLine?: (line: string) => void;
  /** Descriptors of locks that must last as long as restic runs, even when anchord is killed. */
  readonly locks?: readonly number[] | undefined;
}

/** Runs restic. The password goes by descriptor, never by argument or environment; how it ended is told by resticFault. */
export async function runRestic(place: ResticPlace, call: ResticCall): Promise<RunResult> {
  await using password = await openSecretDescriptor(place.password, [place.stateDir]);
  const [program = 'restic', ...args] = [...prefix(place.priority), 'restic', ...call.args];
  return await run({
    program,
    args,
    env: resticEnv(place),
    fds: [password.fd, ...(call.locks ?? [])],
    killAfterMs: CLEAN_UP_MS,
    // To restic alone: when a helper it started gets the signal too, restic cannot put its lock away.
    stop: { signal: 'SIGINT', to: 'child' },
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
    ...(call.onStdoutLine === undefined ? {} : { onStdoutLine: call.onStdoutLine }),
  });
}

/** The whole environment of restic: nothing is inherited. The repository stands here because a path may begin with `-`. Pure. */
export function resticEnv(
  place: Omit<ResticPlace, 'password' | 'priority'>,
): Readonly<Record<string, string>> {
  return {
    PATH: place.path,
    HOME: place.stateDir,
    TZ: place.timezone,
    LC_ALL: 'C.UTF-8',
    RESTIC_REPOSITORY: place.repository,
    RESTIC_PASSWORD_FILE: '/dev/fd/3',
    RESTIC_CACHE_DIR: join(place.stateDir, 'restic-cache'),
    RESTIC_PROGRESS_FPS: '1',
  };
}

/** nice and ionice replace themselves by what they start: signals still reach restic itself. */
function prefix(priority: Priority | undefined): readonly string[] {
  const nice = priority?.nice === undefined ? [] : ['nice', '-n', String(priority.nice)];
  if (priority?.ionice === undefined) return nice;
  return [...nice, 'ionice', '-c', priority.ionice === 'idle' ? '3' : '2'];
}
