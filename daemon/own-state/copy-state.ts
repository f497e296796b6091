import { chmod, cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transient } from '../errors.ts';
import { exists } from '../files/exists.ts';
import type { StatePaths } from '../settings/state-paths.ts';
import type { Store } from '../store/store.ts';

/** A line of the audit may come at any moment, but not at each. */
const TRIES = 20;

/**
 * Copies what cannot be had from elsewhere: the database as it is at one moment, the audit up to exactly that moment, and
 * the hashes for drills. The mirror, the caches and what follows from the state repo are made anew by themselves.
 */
export async function copyState(
  { store, paths }: { readonly store: Pick<Store, 'audit' | 'copyTo'>; readonly paths: StatePaths },
  folder: string,
): Promise<void> {
  const manifests = join(paths.dir, 'manifests');
  if (await exists(manifests)) await cp(manifests, join(folder, 'manifests'), { recursive: true });
  const database = join(folder, 'anchord.db');
  const audit = join(folder, 'audit/host');
  for (let tries = 0; tries < TRIES; tries++) {
    const before = JSON.stringify(await store.audit());
    await store.copyTo(database);
    await chmod(database, 0o600);
    if (await exists(paths.audit)) await cp(paths.audit, audit, { recursive: true });
    // Database and files must tell of the same last line, or the copy would look tampered with.
    if (JSON.stringify(await store.audit()) === before) return;
    await rm(database, { force: true });
    await rm(audit, { recursive: true, force: true });
  }
  throw new Transient({
    reason: 'InternalError',
    message: 'the audit grew whenever it was copied; the next slot tries again',
  });
}
