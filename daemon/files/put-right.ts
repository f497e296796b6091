import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { DirHandle } from './dir-handle.ts';
import type { DirectoryWant, FileResult, FileSeen, FileWant, LinkWant } from './file-wants.ts';
import { blockBelow, blockOf, look } from './observe.ts';
import type { WantNode } from './want-tree.ts';

/** Mode of parents that nobody declared. */
const UNDECLARED_PARENT_MODE = 0o755;

/**
 * Makes the wanted resources of one volume right, parents before children, from an open volume root.
 * What stands in the way is never removed: a file where a directory should be stays, and the result says so.
 */
export function putRight(volume: DirHandle, tree: WantNode, ids: ReadonlySet<string>): readonly FileResult[] {
  const results: FileResult[] = [];
  const work: Work = { ids, results, device: volume.stat().dev };
  if (tree.want?.kind === 'directory' && ids.has(tree.want.id)) {
    const want = tree.want;
    attempt(work, want, () => setOwnerAndMode(volume, volume.stat(), want));
  }
  putRightBelow(volume, tree, work);
  return results;
}

interface Work {
  readonly ids: ReadonlySet<string>;
  readonly results: FileResult[];
  readonly device: number;
}

function putRightBelow(parent: DirHandle, node: WantNode, work: Work): void {
  for (const child of node.children.values()) {
    if (!concerns(child, work.ids)) continue;
    if (child.want?.kind === 'link') {
      const want = child.want;
      if (work.ids.has(want.id))
        attempt(work, want, () => putLinkRight(parent, child, { want, device: work.device }));
      continue;
    }
    putDirectoryRight(parent, child, work);
  }
}

function putDirectoryRight(parent: DirHandle, node: WantNode, work: Work): void {
  const want = node.want?.kind === 'directory' ? node.want : undefined;
  let opened: DirHandle;
  try {
    opened = openOrMake(parent, node, work);
  } catch (error) {
    const seen = inTheWay(parent, node, { error, device: work.device });
    fail(node, seen, work);
    failAllBelow(node, blockBelow(seen, node.path), work);
    return;
  }
  using handle = opened;
  const stats = handle.stat();
  if (stats.dev !== work.device) {
    const seen: FileSeen = { kind: 'blocked', block: { why: 'other-device', at: node.path } };
    fail(node, seen, work);
    failAllBelow(node, seen, work);
    return;
  }
  if (want !== undefined && work.ids.has(want.id))
    attempt(work, want, () => setOwnerAndMode(handle, stats, want));
  putRightBelow(handle, node, work);
}

/** Opens a child directory, making it first when it is not there. The name is never trusted to stay what it was. */
function openOrMake(parent: DirHandle, { name, want }: WantNode, { ids }: Work): DirHandle {
  // What is to be put right is mostly absent, so it is made without asking first.
  const isListed = want !== undefined && ids.has(want.id);
  if (!isListed && parent.lstat(name) !== undefined) return parent.open(name);
  try {
    parent.mkdir(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return parent.open(name); // there already, or made in between by somebody else: theirs, whatever it is
  }
  const made = parent.open(name);
  if (want?.kind !== 'directory' || want.mode === undefined) made.chmod(UNDECLARED_PARENT_MODE);
  return made;
}

function setOwnerAndMode(handle: DirHandle, stats: Stats, want: DirectoryWant): undefined {
  const uid = want.uid ?? stats.uid;
  const gid = want.gid ?? stats.gid;
  const chowns = uid !== stats.uid || gid !== stats.gid;
  if (chowns) handle.chown(uid, gid);
  // After the owner: chown clears the setuid and setgid bits.
  const mode = want.mode ?? stats.mode & 0o7777;
  if (chowns || (stats.mode & 0o7777) !== mode) handle.chmod(mode);
}

/** Makes or replaces a link. Only a link is ever replaced: it holds no data. Returns what is in the way otherwise. */
function putLinkRight(
  parent: DirHandle,
  { name, path }: WantNode,
  { want, device }: { readonly want: LinkWant; readonly device: number },
): FileSeen | undefined {
  const seen = look(parent, { name, path, device });
  if (seen.kind === 'absent') {
    parent.symlink(want.target, name);
    return undefined;
  }
  if (seen.kind !== 'link') return seen;
  if (seen.target === want.target) return undefined;
  // Moved aside first and looked at again, so that what somebody puts there meanwhile is put back, not destroyed.
  const aside = `.anchord-aside-${randomBytes(6).toString('hex')}`;
  parent.rename(name, aside);
  const moved = look(parent, { name: aside, path, device });
  if (moved.kind !== 'link') {
    if (parent.lstat(name) === undefined) parent.rename(aside, name);
    return moved;
  }
  parent.symlink(want.target, name);
  parent.unlink(aside);
  return undefined;
}

function attempt(work: Work, want: FileWant, act: () => FileSeen | undefined): void {
  try {
    const inTheWay = act();
    work.results.push(
      inTheWay === undefined
        ? { id: want.id, kind: 'done' }
        : { id: want.id, kind: 'failed', seen: inTheWay },
    );
  } catch (error) {
    const block = blockOf(error, want.path);
    work.results.push({
      id: want.id,
      kind: 'failed',
      seen: { kind: 'blocked', block },
      ...(block.code === undefined ? {} : { code: block.code }),
    });
  }
}

/** Why a directory could not be opened. The kernel calls a planted link "not a directory" too, so look at it again. */
function inTheWay(
  parent: DirHandle,
  { name, path }: WantNode,
  { error, device }: { readonly error: unknown; readonly device: number },
): FileSeen {
  const seen = look(parent, { name, path, device });
  if (seen.kind === 'link' || seen.kind === 'other') return seen;
  return { kind: 'blocked', block: blockOf(error, path) };
}

function fail(node: WantNode, seen: FileSeen, work: Work): void {
  if (node.want === undefined || !work.ids.has(node.want.id)) return;
  work.results.push({ id: node.want.id, kind: 'failed', seen });
}

function failAllBelow(node: WantNode, seen: FileSeen, work: Work): void {
  for (const child of node.children.values()) {
    fail(child, seen, work);
    failAllBelow(child, seen, work);
  }
}

/** Whether anything to be done lies at or below a node. */
function concerns(node: WantNode, ids: ReadonlySet<string>): boolean {
  if (node.want !== undefined && ids.has(node.want.id)) return true;
  for (const child of node.children.values()) if (concerns(child, ids)) return true;
  return false;
}
