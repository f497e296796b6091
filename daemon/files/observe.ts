import type { Stats } from 'node:fs';
import { compare } from './compare.ts';
import type { DirHandle } from './dir-handle.ts';
import type { Block, FileFinding, FileSeen } from './file-wants.ts';
import type { WantNode } from './want-tree.ts';

/** Looks at everything wanted below an open volume root, and returns only what is not as it should be. */
export function observe(volume: DirHandle, tree: WantNode): readonly FileFinding[] {
  const findings: FileFinding[] = [];
  const device = volume.stat().dev;
  if (tree.want !== undefined)
    note(
      tree,
      seenOf(volume.stat(), () => ''),
      findings,
    );
  walk({ handle: volume, node: tree, device, findings });
  return findings;
}

interface Walk {
  readonly handle: DirHandle;
  readonly node: WantNode;
  readonly device: number;
  readonly findings: FileFinding[];
}

function walk({ handle, node, device, findings }: Walk): void {
  for (const child of node.children.values()) {
    const seen = look(handle, { name: child.name, path: child.path, device });
    if (child.want !== undefined) note(child, seen, findings);
    if (child.children.size === 0) continue;
    if (seen.kind === 'directory') descend({ handle, node: child, device, findings });
    else noteAllBelow(child, blockBelow(seen, child.path), findings);
  }
}

function descend({ handle, node, device, findings }: Walk): void {
  let opened: DirHandle;
  try {
    opened = handle.open(node.name);
  } catch (error) {
    noteAllBelow(node, { kind: 'blocked', block: blockOf(error, node.path) }, findings);
    return;
  }
  using child = opened;
  if (child.stat().dev !== device) {
    noteAllBelow(node, { kind: 'blocked', block: { why: 'other-device', at: node.path } }, findings);
    return;
  }
  walk({ handle: child, node, device, findings });
}

/** What one name in an open directory is. A directory on another device than the volume's is somebody else's disk. */
export function look(
  handle: DirHandle,
  { name, path, device }: { readonly name: string; readonly path: string; readonly device: number },
): FileSeen {
  try {
    const stats = handle.lstat(name);
    if (stats === undefined) return { kind: 'absent' };
    if (stats.isDirectory() && stats.dev !== device)
      return { kind: 'blocked', block: { why: 'other-device', at: path } };
    return seenOf(stats, () => handle.readlink(name));
  } catch (error) {
    return { kind: 'blocked', block: blockOf(error, path) };
  }
}

/** Why opening a component failed, as a block. */
export function blockOf(error: unknown, at: string): Block {
  const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
  if (code === 'ELOOP') return { why: 'link-in-path', at };
  if (code === 'ENOTDIR') return { why: 'not-a-directory', at };
  return { why: 'error', at, code };
}

function seenOf(stats: Stats, readlink: () => string): FileSeen {
  if (stats.isDirectory())
    return { kind: 'directory', uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777 };
  if (stats.isSymbolicLink()) return { kind: 'link', target: readlink() };
  return { kind: 'other', what: stats.isFile() ? 'file' : 'special file' };
}

/** What is below something that is no directory, as seen from there. */
export function blockBelow(seen: FileSeen, at: string): FileSeen {
  if (seen.kind === 'absent' || seen.kind === 'blocked') return seen;
  return { kind: 'blocked', block: { why: seen.kind === 'link' ? 'link-in-path' : 'not-a-directory', at } };
}

function note(node: WantNode, seen: FileSeen, findings: FileFinding[]): void {
  if (node.want === undefined) return;
  const differences = compare(node.want, seen);
  if (differences.length > 0) findings.push({ id: node.want.id, seen, differences });
}

function noteAllBelow(node: WantNode, seen: FileSeen, findings: FileFinding[]): void {
  for (const child of node.children.values()) {
    note(child, seen, findings);
    noteAllBelow(child, seen, findings);
  }
}
