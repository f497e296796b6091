import { cp, lstat, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isoSeconds } from '../clock.ts';
import { Stalled } from '../errors.ts';
import { exists } from '../files/exists.ts';
import { lockStateDir } from '../locks/state-dir-lock.ts';
import type { StatePaths } from '../settings/state-paths.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';

/** What was put back, and where that of before lies now. */
export interface Rebuilt {
  /** Folder in the state directory that holds what was there before. */
  readonly aside: string;
  /** When the newest run that the copy knows of ended; undefined when it knows of none. */
  readonly newest?: string;
}

/**
 * Puts a restored `anchord-state` in the place of what a state directory remembers, which is moved aside, not deleted. The
 * copy is opened first: one that is damaged or of a newer version changes nothing. Throws `Stalled` when a daemon has
 * the directory, or the folder holds no state.
 */
export async function rebuildState(from: string, paths: StatePaths, now: Date): Promise<Rebuilt> {
  const copied = join(from, 'anchord.db');
  const found = await lstat(copied).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new Stalled({
      reason: 'SnapshotMissing',
      message: `${from} holds no restored state: there is no file anchord.db in it`,
      next: 'anchord restore anchord-state --to DIR, then name that folder',
    });
  }
  const release = await lockStateDir(paths);
  try {
    const aside = join(paths.dir, `before-${isoSeconds(now).replaceAll(':', '')}`);
    const staged = join(aside, 'restored');
    await mkdir(staged, { recursive: true, mode: 0o700 });
    for (const name of ['anchord.db', 'audit', 'manifests'])
      if (await exists(join(from, name))) await cp(join(from, name), join(staged, name), { recursive: true });
    const newest = await newestRun(join(staged, 'anchord.db'));
    for (const name of ['anchord.db', 'anchord.db-wal', 'anchord.db-shm', 'audit', 'manifests'])
      await moveIfThere(join(paths.dir, name), join(aside, name));
    for (const name of ['anchord.db', 'anchord.db-wal', 'anchord.db-shm', 'audit', 'manifests'])
      await moveIfThere(join(staged, name), join(paths.dir, name));
    return { aside, ...(newest === undefined ? {} : { newest }) };
  } finally {
    await release();
  }
}

/** Opens it as the daemon would, which also brings its schema up to date. */
async function newestRun(file: string): Promise<string | undefined> {
  const store = await openSqliteStore({ file });
  try {
    return (await store.runs({ limit: 1 }))[0]?.endedAt;
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

async function moveIfThere(from: string, to: string): Promise<void> {
  if (await exists(from)) await rename(from, to);
}
