import type { RawName } from './raw-name.ts';
import { nameText } from './raw-name.ts';
import type { TreeDir } from './tree-dir.ts';

/** What was removed, and the first things that could not be. */
export interface Removal {
  readonly files: number;
  /** Space given back: a file that has other names gives none. */
  readonly bytes: number;
  /** Empty when everything went. */
  readonly left: readonly string[];
}

/** Of what could not be removed so many are named. */
const NAMED = 5;

/**
 * Removes an entry of an open directory with everything below it, from descriptor to descriptor. Never follows a link
 * and never leaves the mount: a directory that something is mounted on stays, as does what the disk does not let go.
 * `onEntry` is called before each thing goes, and stops the removal by throwing.
 */
export function removeTree(parent: TreeDir, name: RawName, onEntry: () => void): Removal {
  const found = { files: 0, bytes: 0, left: [] as string[] };
  const mount = parent.mountId();
  function remove(at: TreeDir, child: RawName): void {
    onEntry();
    const stats = at.lstat(child);
    if (stats === undefined) return;
    try {
      if (stats.isDirectory()) {
        empty(at, child);
        at.rmdir(child);
        return;
      }
      at.unlink(child);
      found.files++;
      if (stats.nlink === 1n) found.bytes += Number(stats.blocks) * 512;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (typeof code !== 'string') throw error;
      if (found.left.length < NAMED) found.left.push(`${nameText(child)} (${code})`);
    }
  }
  function empty(at: TreeDir, child: RawName): void {
    using dir = at.open(child);
    if (dir.mountId() !== mount) return; // rmdir says EBUSY
    for (const name of dir.names()) remove(dir, name);
  }
  remove(parent, name);
  return found;
}
