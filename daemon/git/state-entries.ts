import {
  ENTRY_LIMIT,
  FILE_LIMIT_BYTES,
  REPO_LIMIT_BYTES,
  type StateEntry,
} from '../../state-schema/state-entry.ts';
import type { TreeLine } from './tree-listing.ts';

/** The blobs worth reading: of files that are not too large, as long as all of them together are not. */
export function blobsToRead(lines: readonly TreeLine[]): readonly string[] {
  if (lines.length > ENTRY_LIMIT) return [];
  const readable = lines.filter((line) => typeOf(line) === 'file' && line.size <= FILE_LIMIT_BYTES);
  const total = readable.reduce((sum, line) => sum + line.size, 0);
  return total > REPO_LIMIT_BYTES ? [] : readable.map((line) => line.oid);
}

/** The entries of a listing, with the bytes that were read for them. */
export function toStateEntries(
  lines: readonly TreeLine[],
  blobs: ReadonlyMap<string, Uint8Array>,
): readonly StateEntry[] {
  return lines.map((line) => {
    const type = typeOf(line);
    if (type !== 'file') return { path: line.path, type, size: 0 };
    const bytes = blobs.get(line.oid);
    return { path: line.path, type, size: line.size, ...(bytes === undefined ? {} : { bytes }) };
  });
}

function typeOf({ kind, mode }: TreeLine): StateEntry['type'] {
  if (kind === 'tree') return 'folder';
  if (kind === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}
