import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { runRestic, type ResticCall, type ResticPlace } from '../commands/restic.ts';
import { configArgs, parseRepositoryId } from '../commands/restic-config.ts';
import {
  isLocked,
  lockOwner,
  resticFault,
  type LockOwner,
  type ResticSubject,
} from '../commands/restic-fault.ts';
import { unlockArgs } from '../commands/restic-unlock.ts';
import type { Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import { pause } from '../locks/wait-for-lock.ts';
import type { RunResult } from '../process/run.ts';

const LOOK_AGAIN_MS = 2_000;

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
  const result = await runRestic(place, { args: configArgs(), signal });
  const id = result.code === 0 ? parseRepositoryId(result.stdout) : undefined;
  return id === undefined ? { kind: 'fault', fault: resticFault(result, subject) } : { kind: 'id', id };
}

/** How long to put up with a repository that is locked. */
export interface ResticPatience {
  readonly clock: Clock;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Calls restic; when the repository is locked, waits a bounded time. A lock left by a dead process of this host is put
 * away once, by plain `unlock`; anybody else's lock is only waited for.
 */
export async function callPatiently(
  place: ResticPlace,
  call: ResticCall,
  patience: ResticPatience,
): Promise<RunResult> {
  const { clock, signal } = patience;
  const deadline = clock.monotonic() + patience.waitMs;
  let unlocked = false;
  for (;;) {
    const result = await runRestic(place, { ...call, signal });
    if (!isLocked(result) || signal.aborted) return result;
    const owner = lockOwner(result.stderr);
    if (!unlocked && owner !== undefined && (await isDead(owner))) {
      unlocked = true;
      await runRestic(place, { args: unlockArgs(), signal });
      continue;
    }
    if (clock.monotonic() >= deadline) return result;
    await pause(LOOK_AGAIN_MS, signal);
  }
}

/** A process of this host that is no restic any more: its number may have gone to another program. */
async function isDead(owner: LockOwner): Promise<boolean> {
  if (owner.host !== hostname()) return false;
  try {
    return !(await readFile(`/proc/${owner.pid}/comm`, 'utf8')).startsWith('restic');
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
  }
}
