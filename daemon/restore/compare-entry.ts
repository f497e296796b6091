import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotEntry } from '../commands/restic-entries.ts';

/** What is wrong with an entry that was restored. `lost`: its content is not there or not right, so it must not be used. */
export interface Flaw {
  readonly kind: 'lost' | 'differs';
  readonly what: string;
}

/** How to look at what was restored. */
export interface Looking {
  /** Folder that restic restored into, as a path that nobody else can change. */
  readonly stage: string;
  /** What restic complained of, each text beginning with a path and `: `. */
  readonly troubles: readonly string[];
  /** Whether owners could be set at all. */
  readonly asRoot: boolean;
}

/** Holds what was restored against what the snapshot says of it; undefined when all is as it was. */
export function compareEntry(entry: SnapshotEntry, looking: Looking): Flaw | undefined {
  const trouble = looking.troubles.find((text) => text.startsWith(`${entry.path}: `));
  if (trouble !== undefined && entry.type === 'file')
    return { kind: 'lost', what: trouble.slice(entry.path.length + 2).trim() };
  // Its name is not UTF-8, so it cannot be told apart here: for these, restic's own verification stands.
  if (entry.path.includes('\uFFFD')) return undefined;
  const found = lstatSync(join(looking.stage, entry.path), { throwIfNoEntry: false });
  if (found === undefined) return { kind: 'lost', what: 'it is not there' };
  if (typeOf(found) !== entry.type) return { kind: 'lost', what: `it is not a ${entry.type}` };
  if (entry.type === 'file' && found.size !== entry.size)
    return { kind: 'lost', what: `it has ${found.size} bytes, not ${entry.size}` };
  return differing(entry, found, looking);
}

function differing(entry: SnapshotEntry, found: Stats, { asRoot }: Looking): Flaw | undefined {
  const wrong: string[] = [];
  if (asRoot && (found.uid !== entry.uid || found.gid !== entry.gid))
    wrong.push(`owner ${found.uid}:${found.gid}, not ${entry.uid}:${entry.gid}`);
  const mode = found.mode % 0o10000;
  if (entry.type !== 'symlink' && mode !== entry.mode)
    wrong.push(`mode ${mode.toString(8)}, not ${entry.mode.toString(8)}`);
  // File systems keep times more or less finely.
  if (entry.type === 'file' && Math.abs(found.mtimeMs - Date.parse(entry.mtime)) > 2_000)
    wrong.push(`time ${found.mtime.toISOString()}, not ${entry.mtime}`);
  return wrong.length === 0 ? undefined : { kind: 'differs', what: wrong.join('; ') };
}

function typeOf(stats: Stats): SnapshotEntry['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'dir';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}
