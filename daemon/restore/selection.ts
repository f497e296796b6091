import { basename } from 'node:path';
import type { SnapshotEntry } from '../commands/restic-entries.ts';
import type { Snapshot } from '../commands/restic-snapshots.ts';
import type { Fault } from '../errors.ts';
import { isWithin } from './target.ts';

/** Which part of a snapshot is restored. */
export interface Selection {
  /** As the snapshot has it: an absolute path, with the prefix of the root of the host that made it. */
  readonly path: string;
  /** The whole source: what is in it goes into the folder. Otherwise the entry itself does, under its own name. */
  readonly isWhole: boolean;
}

/** What a person asks for of a snapshot. */
export interface Asked {
  readonly snapshot: Snapshot;
  /** The policy's source as the state repo names it. */
  readonly source: string;
  /** Host path; absent for all. */
  readonly path?: string | undefined;
}

/** Counts of what is to come back. */
export interface Totals {
  entries: number;
  files: number;
  bytes: number;
}

/**
 * Finds what a host path is called in a snapshot, which was perhaps made on another host, below another root, or of a
 * source that has moved meanwhile. Pure.
 */
export function select(asked: Asked): Selection | Fault {
  const { snapshot, source, path } = asked;
  const [root, ...others] = snapshot.paths;
  if (root === undefined || others.length > 0) {
    return {
      reason: 'SnapshotMissing',
      message: `snapshot ${snapshot.id.slice(0, 8)} is of ${snapshot.paths.length} trees; anchord makes and restores those of one`,
      next: `restic restore ${snapshot.id.slice(0, 8)} --target DIR`,
    };
  }
  if (path === undefined) return { path: root, isWhole: true };
  const inside = [source, root].find((prefix) => isWithin(path, prefix));
  if (inside === undefined) {
    return {
      reason: 'SnapshotMissing',
      message: `${path} does not lie in ${source}, which is what snapshot ${snapshot.id.slice(0, 8)} holds`,
      next: `name a path below ${source}`,
    };
  }
  const below = path.slice(inside === '/' ? 0 : inside.length);
  if (below === '') return { path: root, isWhole: true };
  return { path: `${root === '/' ? '' : root}${below}`, isWhole: false };
}

/** Whether an entry of the snapshot is what was asked for, or below it. Pure. */
export function isSelected({ path, isWhole }: Selection, entry: Pick<SnapshotEntry, 'path'>): boolean {
  return path === '/' || entry.path.startsWith(`${path}/`) || (!isWhole && entry.path === path);
}

/** The name under which a single entry comes back. Pure. */
export function nameOf({ path }: Selection): string {
  return basename(path);
}
