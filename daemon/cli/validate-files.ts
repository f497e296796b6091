import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_LIMIT_BYTES, type StateEntry } from '../../state-schema/state-entry.ts';

/** Names of the hosts that a state repo on disk describes: what stands under `hosts/`, but for plain files. */
export async function listHosts(dir: string): Promise<readonly string[]> {
  const entries = await list(join(dir, 'hosts'));
  return entries
    .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .toSorted();
}

/** The entries of a state repo on disk that say something of one host. No symbolic link below `dir` is followed. */
export async function readStateDirectory(dir: string, host: string): Promise<readonly StateEntry[]> {
  const folders = [join('hosts', host), 'common'];
  const isInside =
    !host.includes('/') && host !== '..' && host !== '.' && host !== '' && !host.includes('\0');
  const entries = await Promise.all((isInside ? folders : []).map((folder) => readFolder(dir, folder)));
  return entries.flat();
}

async function readFolder(dir: string, folder: string): Promise<readonly StateEntry[]> {
  const stats = await lstat(join(dir, folder)).catch(orNothing);
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [{ path: folder, type: typeOf(stats), size: 0 }];
  const entries = await list(join(dir, folder));
  return Promise.all(entries.map((entry) => readEntry(dir, `${folder}/${entry.name}`, entry)));
}

async function readEntry(dir: string, path: string, entry: Dirent): Promise<StateEntry> {
  // Only these are read; any other name is refused or passed over by its name alone.
  if (!entry.isFile() || !entry.name.endsWith('.yaml')) return { path, type: typeOf(entry), size: 0 };
  const file = await open(join(dir, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { path, type: typeOf(stats), size: 0 };
    if (stats.size > FILE_LIMIT_BYTES) return { path, type: 'file', size: stats.size };
    const bytes = await file.readFile();
    return { path, type: 'file', size: bytes.length, bytes };
  } finally {
    await file.close();
  }
}

async function list(folder: string): Promise<readonly Dirent[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(orNothing)) ?? [];
}

/** A pipe, a socket or a device is no more a state file than a submodule is, and refused in the same words. */
function typeOf(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): StateEntry['type'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'symlink' : 'submodule';
}

function orNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
