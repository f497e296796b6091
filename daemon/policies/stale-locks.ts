import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import {
  catLockArgs,
  listLocksArgs,
  parseLock,
  parseLockIds,
  type ResticLock,
} from '../commands/restic-locks.ts';
import { runRestic, type ResticPlace } from '../commands/restic.ts';
import { unlockArgs } from '../commands/restic-unlock.ts';

/** More locks than this are not looked into one by one. */
const LOOKED_AT = 50;
/** `restic unlock` takes away any lock of this age, whoever has it; a little less, for clocks differ. Milliseconds. */
const TAKEN_AWAY_AFTER_MS = 25 * 60_000;

/**
 * Puts the locks away that dead processes of this host left in a repository, by plain `restic unlock`; false when there
 * is none, or when that would also take away one of somebody who may still be at work: a host that sleeps does not
 * refresh its lock, and goes on where it was when it wakes.
 */
export async function putStaleLocksAway(
  place: ResticPlace,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<boolean> {
  const locks = await readLocks(place, signal);
  const isLeft = await Promise.all(locks.map(isLeftBehind));
  const others = locks.filter((_, index) => isLeft[index] === false);
  const endangered = others.some(({ time }) => now.getTime() - time.getTime() > TAKEN_AWAY_AFTER_MS);
  if (others.length === locks.length || endangered) return false;
  const result = await runRestic(place, { args: unlockArgs(), signal });
  return result.code === 0;
}

async function readLocks(place: ResticPlace, signal: AbortSignal): Promise<readonly ResticLock[]> {
  const listed = await runRestic(place, { args: listLocksArgs(), signal });
  const locks: ResticLock[] = [];
  for (const id of parseLockIds(listed.stdout).slice(0, LOOKED_AT)) {
    const lock = parseLock(id, (await runRestic(place, { args: catLockArgs(id), signal })).stdout);
    if (lock !== undefined) locks.push(lock);
  }
  return locks;
}

/** Of a process of this host that is no restic any more: its number may have gone to another program. */
async function isLeftBehind(lock: ResticLock): Promise<boolean> {
  if (lock.hostname !== hostname()) return false;
  try {
    return !(await readFile(`/proc/${lock.pid}/comm`, 'utf8')).startsWith('restic');
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
  }
}
