import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Fault } from '../errors.ts';
import { DirHandle } from '../files/dir-handle.ts';
import { shellWord } from '../shell-word.ts';

/** Names that do not make a folder hold anything of a person's. */
const NOTHING = /^(?:\.anchord-.*|lost\+found)$/;

/** A folder that will get what is restored, opened, or why it must not. */
export type OpenedTarget =
  | { readonly kind: 'target'; readonly folder: DirHandle }
  | { readonly kind: 'refused'; readonly fault: Fault };

/**
 * Opens the folder to restore to, making what is missing with mode 0700. No component may be a link: what is restored
 * must not go where somebody else has decided.
 */
export function openTarget(to: string): OpenedTarget {
  let folder = DirHandle.openTrusted('/');
  try {
    for (const name of to.split('/').filter((part) => part !== '')) {
      if (folder.lstat(name) === undefined) folder.mkdir(name);
      const child = folder.open(name);
      folder[Symbol.dispose]();
      folder = child;
    }
    return { kind: 'target', folder };
  } catch (error) {
    folder[Symbol.dispose]();
    return { kind: 'refused', fault: unopened(to, error) };
  }
}

/** Why a folder must not be restored to before it was even made; undefined when it may. Looks, and changes nothing. */
export function targetFault(
  target: { readonly to: string; readonly overwrite: boolean },
  around: { readonly live: readonly string[]; readonly never: readonly string[] },
): Fault | undefined {
  const { to, overwrite } = target;
  if (!isAbsolute(to) || resolve(to) !== to)
    return refused(`${to} is no absolute path`, 'name the folder by its whole path');
  const kept = around.never.find((path) => isWithin(to, path));
  if (kept !== undefined) {
    return refused(
      `${to} lies in ${kept}, which anchord or restic keeps its own data in`,
      'name another folder',
    );
  }
  const found = existing(to);
  if (found.kind === 'refused') return found.fault;
  if (overwrite) return undefined;
  const live = around.live.find((path) => isWithin(to, path));
  if (live !== undefined) {
    return refused(
      `${to} lies in ${live}, which is in use: a policy works on it`,
      'name a folder elsewhere and copy from there, or allow it: --overwrite replaces files of the same name',
    );
  }
  if (found.holds === undefined) return undefined;
  return refused(
    `${to} is not empty: it holds ${JSON.stringify(found.holds)}`,
    'name a folder that is empty or not there yet, or allow it: --overwrite replaces files of the same name',
  );
}

/** Whether a path is another one or lies below it. Pure. */
export function isWithin(path: string, other: string): boolean {
  const way = relative(other, path);
  return way === '' || (way !== '..' && !way.startsWith('../') && !isAbsolute(way));
}

type Existing =
  | { readonly kind: 'looked'; readonly holds?: string | undefined }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** What the folder holds already, without following a link on the way to it. */
function existing(to: string): Existing {
  let folder = DirHandle.openTrusted('/');
  try {
    for (const name of to.split('/').filter((part) => part !== '')) {
      if (folder.lstat(name) === undefined) return { kind: 'looked' };
      const child = folder.open(name);
      folder[Symbol.dispose]();
      folder = child;
    }
    return { kind: 'looked', holds: folder.names().find((name) => !NOTHING.test(name)) };
  } catch (error) {
    return { kind: 'refused', fault: unopened(to, error) };
  } finally {
    folder[Symbol.dispose]();
  }
}

function unopened(to: string, error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOTDIR' || code === 'ELOOP') {
    return refused(
      `${to} or something above it is a link or a file, not a directory`,
      `name the folder without a link: readlink -f ${shellWord(to)}`,
    );
  }
  return refused(
    `${to} cannot be opened or made: ${String(error)}`,
    `ls -la ${shellWord(join(dirname(to)))}`,
  );
}

function refused(message: string, next: string): Fault {
  return { reason: 'TargetRefused', message, next };
}
