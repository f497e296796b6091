import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readSentinel } from '../files/read-sentinel.ts';
import { SENTINEL_NAME } from '../files/sentinel.ts';
import type { WriteSeen } from './volume-seen.ts';
import type { Footing } from './place-protocol.ts';

/** One block, of bytes that no file system can make a hole of. */
const BYTES = 4096;
/** A file without a name, linux/fcntl.h. Node has no constant for it. */
const TMPFILE = 0o20000000 | constants.O_DIRECTORY;
/** What a file system answers that knows no files without names. */
const NO_TMPFILE: ReadonlySet<string | undefined> = new Set([
  'EOPNOTSUPP',
  'EISDIR',
  'EINVAL',
  'ENOENT',
  'ENOSYS',
]);
/** The name where one is needed. Like everything of that beginning it is in no backup, mirror or share. */
const NAME = '.anchord-probe';

/**
 * Writes one block to the disk of an open directory, sees it safe and lets it go. It never has a name where the file
 * system can do that, so neither clients nor a power cut ever find anything of it. Synchronous: for a thread that a dead
 * disk may take.
 */
export function probeWriting(directory: number, footing: Footing): WriteSeen {
  const here = `/proc/self/fd/${directory}`;
  const sentinel = readSentinel(join(here, SENTINEL_NAME));
  const isThere =
    fstatSync(directory).dev === footing.device &&
    sentinel.kind === 'read' &&
    sentinel.stamp === footing.sentinel;
  if (!isThere) return { kind: 'gone' };
  try {
    writeBlock(openUnnamed(here) ?? openNamed(join(here, NAME)));
    return { kind: 'written' };
  } catch (error) {
    return { kind: 'refused', code: (error as NodeJS.ErrnoException).code ?? 'EIO' };
  }
}

function openUnnamed(here: string): number | undefined {
  try {
    return openSync(here, TMPFILE | constants.O_WRONLY | constants.O_EXCL, 0o600);
  } catch (error) {
    if (NO_TMPFILE.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

/** What has this name is left from a power cut; whatever it is, it is not written to. */
function openNamed(place: string): number {
  rmSync(place, { force: true });
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = openSync(place, flags, 0o600);
  unlinkSync(place);
  return file;
}

function writeBlock(file: number): void {
  try {
    writeSync(file, randomBytes(BYTES));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
