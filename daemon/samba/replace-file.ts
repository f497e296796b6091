import { lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A text whose every byte is one letter, so that what is not UTF-8 comes back as it was. */
export const BYTES = 'latin1';

/** How a replaced file should look; absent: as the one it replaces. */
export interface FileLook {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Replaces a file: beside it, fsync, rename, fsync of the folder, so that a power cut or a full disk leaves the old or
 * the new one, never a half. Whatever stands at the place of the copy is a leftover, or planted, and is removed.
 */
export async function replaceFile(path: string, text: string, look: FileLook): Promise<void> {
  const beside = `${path}.anchord-new`;
  await unlink(beside).catch(ignoreAbsent);
  try {
    await using file = await open(beside, 'wx', 0o600);
    await fill(file, text, look);
  } catch (error) {
    await unlink(beside).catch(ignoreAbsent);
    throw error;
  }
  await rename(beside, path);
  await syncFolder(path);
}

/** Removes a file for good; nothing when there is none. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch(ignoreAbsent);
  await syncFolder(path);
}

/** A file's text, one letter for each byte, and how it looks; undefined when there is none. */
export async function readWhole(
  path: string,
): Promise<
  { readonly text: string; readonly look: Required<FileLook>; readonly isLink: boolean } | undefined
> {
  const stats = await lstat(path).catch(ignoreAbsent);
  if (stats === undefined) return undefined;
  await using file = await open(path, 'r');
  const now = await file.stat();
  const { mode, uid, gid } = now;
  if (!now.isFile()) throw Object.assign(new Error(`${path} is no file`), { code: 'EISDIR', path });
  const look = { mode: mode & 0o7777, uid, gid };
  return { text: await file.readFile(BYTES), look, isLink: stats.isSymbolicLink() };
}

async function fill(file: FileHandle, text: string, { mode, uid, gid }: FileLook): Promise<void> {
  await file.writeFile(text, BYTES);
  if (uid !== undefined && gid !== undefined) await file.chown(uid, gid);
  await file.chmod(mode);
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}

function ignoreAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
