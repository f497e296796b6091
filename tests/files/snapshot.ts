import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything about a tree that a change could leave a mark on, as lines. The change time moves even when an owner or
 * mode is set to what it was.
 */
export function snapshot(top: string): readonly string[] {
  const stats = lstatSync(top, { bigint: true });
  const { ino, mode, uid, gid, nlink, size, mtimeNs, ctimeNs } = stats;
  const line = `${top} ${[ino, mode, uid, gid, nlink, size, mtimeNs, ctimeNs].join(' ')}`;
  if (stats.isSymbolicLink()) return [`${line} → ${readlinkSync(top)}`];
  if (stats.isFile()) return [`${line} ${readFileSync(top, 'hex')}`];
  if (!stats.isDirectory()) return [line];
  const below = readdirSync(top).toSorted();
  return [line, ...below.flatMap((name) => snapshot(join(top, name)))];
}
