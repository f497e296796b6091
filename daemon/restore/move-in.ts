import type { DirHandle } from '../files/dir-handle.ts';

/** What could not be moved, and why. */
export type Untold = (path: string, why: string) => void;

/**
 * Moves an entry from one open directory into another one. What is not there yet goes over as a whole; a directory that
 * is there stays as it is and gets what is missing; a file that is there is replaced, in one step.
 */
export function moveIn(
  from: DirHandle,
  to: DirHandle,
  move: { readonly name: string; readonly path: string; readonly failed: Untold },
): void {
  const { name, path, failed } = move;
  try {
    const there = to.lstat(name);
    const isFolder = from.lstat(name)?.isDirectory() === true;
    if (there?.isDirectory() === true && isFolder) {
      mergeFolders(from, to, move);
      return;
    }
    if (there !== undefined && there.isDirectory() !== isFolder) {
      failed(path, `a ${there.isDirectory() ? 'directory' : 'file'} of its name is in the way`);
      return;
    }
    from.moveInto(name, to);
  } catch (error) {
    failed(path, why(error));
  }
}

function mergeFolders(
  from: DirHandle,
  to: DirHandle,
  { name, path, failed }: { readonly name: string; readonly path: string; readonly failed: Untold },
): void {
  using source = from.open(name);
  using target = to.open(name);
  for (const child of source.names())
    moveIn(source, target, { name: child, path: `${path}/${child}`, failed });
}

function why(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EXDEV') return 'another file system is mounted there: restore into that one by itself';
  if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR')
    return 'what is there was changed meanwhile by somebody else';
  return String(error);
}
