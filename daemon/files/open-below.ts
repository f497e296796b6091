import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Not waiting: whoever can write to the tree may have put a pipe in a file's place. */
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A place in a tree that others can write to. */
export interface PlaceBelow {
  /** A folder that only root decides; links on the way to it are followed. */
  readonly root: string;
  /** From there, name by name; none may be a link. */
  readonly names: readonly string[];
}

/**
 * Opens a file or a directory for reading without following a link below the root, and without waiting for whatever may
 * stand in its place. Whether it is a regular file is for the caller to ask. Throws what `open` throws. Not for thousands
 * of calls: DirHandle is faster, and belongs in the file worker.
 */
export async function openBelow({ root, names }: PlaceBelow): Promise<FileHandle> {
  let folder = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  const last = names.at(-1);
  if (last === undefined) return folder;
  try {
    for (const name of names.slice(0, -1)) {
      const next = await open(entryOf(folder, name), DIRECTORY);
      await folder.close();
      folder = next;
    }
    return await open(entryOf(folder, last), FILE);
  } finally {
    await folder.close();
  }
}

function entryOf(folder: FileHandle, name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0'))
    throw new Error(`Internal error: ${JSON.stringify(name)} is not the name of a directory entry`);
  return `/proc/self/fd/${folder.fd}/${name}`;
}
