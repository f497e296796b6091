import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { parseSentinel, SENTINEL_LIMIT, type Sentinel } from './sentinel.ts';

/** What lies where a sentinel should be. */
export type SentinelSeen =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | {
      readonly kind: 'read';
      readonly value: Sentinel;
      /**
       * Which file this is: device, inode and time of its last change in nanoseconds. A copy on another disk differs even
       * where the kernel gave that disk the number of the one before, for nobody can set the time of a change.
       */
      readonly stamp: string;
    };

/** Reads a sentinel. Never through a link and never waiting: whoever can write beside it could plant a pipe. */
export function readSentinel(path: string): SentinelSeen {
  let file: number | undefined;
  try {
    file = openQuietly(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(file, { bigint: true });
    if (!stats.isFile() || stats.size > SENTINEL_LIMIT) return { kind: 'unreadable' };
    const value = parseSentinel(readFileSync(file, 'utf8'));
    if (value === undefined) return { kind: 'unreadable' };
    return { kind: 'read', value, stamp: `${stats.dev}:${stats.ino}:${stats.ctimeNs}` };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable' };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Without a new time of last access, which would wake the disk to be written. Only an owner may ask for that. */
function openQuietly(path: string, flags: number): number {
  try {
    return openSync(path, flags | constants.O_NOATIME);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return openSync(path, flags);
  }
}
