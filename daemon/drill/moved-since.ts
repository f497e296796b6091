import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Whether a file may have come to its place since a moment: a directory that is moved takes its files along without a word
 * in their own times, but its own ctime tells, or that of the one it came into. `since`: milliseconds since 1970.
 */
export function movedSince(source: string, path: string, since: number): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stat = lstatSync(join(source, folder), { throwIfNoEntry: false });
    if (stat === undefined || stat.ctimeMs >= since) return true;
    if (folder === '.') return false;
  }
}
