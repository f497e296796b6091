import { runRestic, type ResticCall, type ResticPlace } from '../commands/restic.ts';
import { configArgs, parseRepositoryId } from '../commands/restic-config.ts';
import { isLocked, resticFault, type ResticSubject } from '../commands/restic-fault.ts';
import type { Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import { pause } from '../locks/wait-for-lock.ts';
import type { RunResult } from '../process/run.ts';
import { putStaleLocksAway } from './stale-locks.ts';

const LOOK_AGAIN_MS = 2_000;
/** How long a repository may take to say who it is; programs themselves try for hours. Milliseconds. */
const ANSWER_MS = 5 * 60_000;
/** Whose the locks are is asked less often: it takes a call for each. */
const LOCKS_EVERY_MS = 60_000;

/** A repository's id, or why it could not be read. */
export type RepositoryId =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Reads the id of the repository that is really there. */
export async function readRepositoryId(
  place: ResticPlace,
  subject: ResticSubject,
  signal?: AbortSignal,
): Promise<RepositoryId> {
  const result = await runRestic(place, { args: configArgs(), signal, timeoutMs: ANSWER_MS });
  if (result.end === 'timed-out') return { kind: 'fault', fault: silent(subject) };
  const id = result.code === 0 ? parseRepositoryId(result.stdout) : undefined;
  return id === undefined ? { kind: 'fault', fault: resticFault(result, subject) } : { kind: 'id', id };
}

function silent({ repository, policy }: ResticSubject): Fault {
  return {
    reason: repository.startsWith('/') ? 'TimedOut' : 'RemoteUnreachable',
    message: `the repository ${repository} did not say who it is within ${ANSWER_MS / 60_000} minutes`,
    next: `look at its disk or the network; then: anchord policy run ${policy}`,
  };
}

/** How long to put up with a repository that is locked. */
export interface ResticPatience {
  readonly clock: Clock;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Calls restic; when the repository is locked, waits a bounded time. Locks left by dead processes of this host are
 * put away once, by plain `unlock`; anybody else's are only waited for.
 */
export async function callPatiently(
  place: ResticPlace,
  call: ResticCall,
  patience: ResticPatience,
): Promise<RunResult> {
  const { clock, signal } = patience;
  const deadline = clock.monotonic() + patience.waitMs;
  let unlocked = false;
  let lookedAt = -Infinity;
  for (;;) {
    const result = await runRestic(place, { ...call, signal });
    if (!isLocked(result) || signal.aborted) return result;
    if (!unlocked && clock.monotonic() - lookedAt > LOCKS_EVERY_MS) {
      lookedAt = clock.monotonic();
      unlocked = await putStaleLocksAway(place, { now: clock.now(), signal });
      if (unlocked) continue;
    }
    if (clock.monotonic() >= deadline) return result;
    await pause(LOOK_AGAIN_MS, signal);
  }
}
