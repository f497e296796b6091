import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exists } from '../files/exists.ts';

/** The service's own host settings. */
export const SERVICE_SETTINGS = '/etc/anchord/anchord.yaml';
/** The demo's folder, in the current one. */
export const DEMO_FOLDER = '.anchord-demo';

/** How a person says which host a command is for. */
export interface TargetOptions {
  readonly config?: string;
  readonly dir?: string;
}

/**
 * The host settings file that a command speaks of: the one named, or the demo in the current folder where it can only
 * be the caller's own, or the service's. A folder that somebody else could have planted is never taken: its settings
 * would decide which files a command reads and writes.
 */
export async function settingsFile(
  options: TargetOptions,
  place: { readonly cwd: string; readonly uid: number },
): Promise<string> {
  if (options.config !== undefined) return resolve(place.cwd, options.config);
  if (options.dir !== undefined) return join(resolve(place.cwd, options.dir), 'anchord.yaml');
  // Settings that cannot even be looked at are there as far as anybody can tell.
  if (await exists(SERVICE_SETTINGS).catch(() => true)) return SERVICE_SETTINGS;
  const demo = join(place.cwd, DEMO_FOLDER);
  return (await isOwnFolder(demo, place.uid)) ? join(demo, 'anchord.yaml') : SERVICE_SETTINGS;
}

/** A folder that the caller owns and nobody else can write to. root therefore only takes one that root made. */
async function isOwnFolder(path: string, uid: number): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && stats.isDirectory() && stats.uid === uid && (stats.mode & 0o022) === 0;
}
