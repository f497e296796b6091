import { join } from 'node:path';
import { run, type RunResult } from '../process/run.ts';
import { openSecretDescriptor } from '../secrets/secret-fd.ts';
import type { Redact } from '../secrets/redaction.ts';
import type { SecretValue } from '../secrets/secret-value.ts';
import { rcloneEnvironment } from './rclone.ts';
import { commandWithPriority, type Priority } from './priority.ts';

/** What restic may take to put its lock away after SIGINT, before it is killed. */
const CLEAN_UP_MS = 30_000;

/** The first descriptor after the password's. */
const FIRST_LOCK = 4;

/** A repository, and everything around it that each call of restic needs. */
export interface ResticPlace {
  /** Where the repository really is: a path with the root's prefix, or what restic calls a place on a remote. */
  readonly repository: string;
  /** Variables that reach the remote of the repository, from remoteEnvironment() or resticBackend(); they hold secrets. Only of a repository that is no path. */
  readonly remotes?: Readonly<Record<string, string>> | undefined;
  /** Arguments before the command, for the backend. */
  readonly options?: readonly string[] | undefined;
  readonly password: SecretValue;
  /** Takes known secrets out of what a message quotes of restic. */
  readonly redact: Redact;
  /** Holds restic's cache and is its home. */
  readonly stateDir: string;
  /** PATH of the child. */
  readonly path: string;
  /** IANA zone: restic counts hours and days of a snapshot by the local time it was made at. */
  readonly timezone: string;
  readonly priority?: Priority;
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

/** The path under which restic finds an open directory that it was handed as one of its `locks`. Pure. */
export function handedPath(index: number): string {
  return `/proc/self/fd/${FIRST_LOCK + index}`;
}

/** Runs restic. The password goes by descriptor, never by argument or environment; how it ended is told by resticFault. */
export async function runRestic(place: ResticPlace, call: ResticCall): Promise<RunResult> {
  await using password = await openSecretDescriptor(place.password, [place.stateDir]);
  const { program, args } = commandWithPriority(place.priority, [
    'restic',
    ...(place.options ?? []),
    ...call.args,
  ]);
  const result = await run({
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
  return { ...result, said: place.redact(result.stderr) };
}

/** The whole environment of restic: nothing is inherited. The repository stands here because a path may begin with `-`. Pure. */
export function resticEnv(
  place: Omit<ResticPlace, 'password' | 'priority' | 'redact'>,
): Readonly<Record<string, string>> {
  return {
    // restic starts rclone by itself, which has no other environment than this one.
    ...(place.remotes === undefined ? {} : { ...rcloneEnvironment(place), ...place.remotes }),
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
