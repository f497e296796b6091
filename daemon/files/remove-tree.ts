import type { DirHandle } from './dir-handle.ts';

/**
 * Removes an entry and all that is below it, from an open directory and never by path: a link is removed, not followed.
 * Throws when something cannot be removed, for example because somebody writes there meanwhile.
 */
export function removeTree(parent: DirHandle, name: string): void {
  const found = parent.lstat(name);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    parent.unlink(name);
    return;
  }
  {
    using folder = parent.open(name);
    for (const child of folder.names()) removeTree(folder, child);
  }
  parent.rmdir(name);
}
