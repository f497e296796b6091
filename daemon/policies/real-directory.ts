import { join } from 'node:path';
import type { Fault } from '../errors.ts';
import { DirHandle } from '../files/dir-handle.ts';
import { shellWord } from '../shell-word.ts';

/** A directory reached without following a link, or why it was not. */
export type RealDirectory =
  | { readonly kind: 'directory'; readonly path: string; readonly uid: number }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/**
 * Looks a host path up below the root, component by component: a link planted on the way must not lead restic, which runs
 * as root, somewhere else. With `make`, what is missing is made, mode 0700.
 */
export function realDirectory(
  hostPath: string,
  place: { readonly root: string; readonly make: boolean },
): RealDirectory {
  const path = join(place.root, hostPath);
  let current = DirHandle.openTrusted(place.root);
  try {
    for (const name of hostPath.split('/').filter((part) => part !== '')) {
      if (place.make && current.lstat(name) === undefined) current.mkdir(name);
      const child = current.open(name);
      current[Symbol.dispose]();
      current = child;
    }
    return { kind: 'directory', path, uid: current.stat().uid };
  } catch (error) {
    return explained(error, path);
  } finally {
    current[Symbol.dispose]();
  }
}

function explained(error: unknown, path: string): RealDirectory {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { kind: 'missing', path };
  if (code === 'ENOTDIR' || code === 'ELOOP') {
    return {
      kind: 'refused',
      fault: {
        reason: 'SymbolicLinkInPath',
        message: `${path} or something above it is a link or a file, not a directory; anchord follows no link in trees that others can write`,
        next: `namei -l ${shellWord(path)}`,
      },
    };
  }
  return {
    kind: 'refused',
    fault: {
      reason: 'InputOutputError',
      message: `${path} cannot be opened: ${String(error)}`,
      next: `ls -la ${shellWord(path)}`,
    },
  };
}
