import { constants, openSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

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
 * Opens a new file in a directory for writing, which has no name and is gone when it is closed. Throws what the file
 * system throws.
 */
export function namelessFile(directory: string): number {
  try {
    return openSync(directory, TMPFILE | constants.O_WRONLY | constants.O_EXCL, 0o600);
  } catch (error) {
    if (!NO_TMPFILE.has((error as NodeJS.ErrnoException).code)) throw error;
    return unlinkedFile(directory);
  }
}

/** The same where a file system knows no files without names: its name is taken away at once. */
export function unlinkedFile(directory: string): number {
  const place = join(directory, NAME);
  // What has this name is left from a power cut, or planted; whatever it is, it is not written to.
  rmSync(place, { force: true });
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = openSync(place, flags, 0o600);
  unlinkSync(place);
  return file;
}
