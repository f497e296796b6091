import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { openBelow } from '../files/open-below.ts';
import { EXCLUDE_FILE, EXCLUDE_FILE_LIMIT, parseExcludeFile, type ExcludeFile } from './exclude-file.ts';

const NONE: ExcludeFile = { patterns: [], ignored: [] };
const OTHERS_MAY_WRITE = 0o002;
const GROUP_MAY_WRITE = 0o020;

/** A source below the host's root. */
export interface SourcePlace {
  readonly root: string;
  /** Host path. */
  readonly source: string;
}

/**
 * What the `.backup-exclude` at the top of a source says. Obeyed only when root or the owner of the source wrote it:
 * in a folder that many can write to, nobody shall leave out what belongs to others. Never throws: says why it was not
 * obeyed, and then everything is backed up.
 */
export async function readExcludeFile(place: SourcePlace): Promise<ExcludeFile> {
  const names = place.source.split('/').filter((name) => name !== '');
  try {
    await using folder = await openBelow({ root: place.root, names });
    await using file = await openBelow({ root: place.root, names: [...names, EXCLUDE_FILE] });
    const stats = await file.stat();
    const why = distrust(stats, await folder.stat());
    if (why !== undefined) return refused(why);
    return parseExcludeFile(await textOf(file), place.source);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return NONE;
    if (code === undefined) throw error;
    return refused(code === 'ELOOP' ? 'it is a link' : `it cannot be read (${code})`);
  }
}

function distrust(file: Stats, source: Stats): string | undefined {
  if (!file.isFile()) return 'it is no regular file';
  if (file.size > EXCLUDE_FILE_LIMIT) return `it is longer than ${EXCLUDE_FILE_LIMIT} bytes`;
  if (file.uid !== 0 && file.uid !== source.uid)
    return `it belongs to uid ${file.uid}, and neither to root nor to the owner of the source, uid ${source.uid}`;
  const groupIsOfSource = file.gid === source.gid && (source.mode & GROUP_MAY_WRITE) !== 0;
  if ((file.mode & OTHERS_MAY_WRITE) !== 0 || ((file.mode & GROUP_MAY_WRITE) !== 0 && !groupIsOfSource))
    return 'others can write to it';
  return undefined;
}

/** It may grow meanwhile. */
async function textOf(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(EXCLUDE_FILE_LIMIT);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead).toString('utf8');
}

function refused(why: string): ExcludeFile {
  return { patterns: [], ignored: [`all of it: ${why}`] };
}
