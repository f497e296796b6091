import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DirHandle } from '../files/dir-handle.ts';
import { removeTree } from '../files/remove-tree.ts';
import { shortId } from '../short-id.ts';

const PREFIX = '.anchord-restore-';

/** A folder inside the one to restore to, which nobody else can enter: what arrives there is compared before it moves on. */
export interface Stage extends Disposable {
  readonly folder: DirHandle;
}

/** Makes it. The folder's lock must be held: what an earlier restore left behind when it was killed is removed. */
export function makeStage(folder: DirHandle): Stage {
  for (const name of folder.names()) if (isLeftOver(folder, name)) removeTree(folder, name);
  const name = `${PREFIX}${shortId()}`;
  folder.mkdir(name);
  const stage = folder.open(name);
  return {
    folder: stage,
    [Symbol.dispose]() {
      stage[Symbol.dispose]();
      removeTree(folder, name);
    },
  };
}

/** The file whose lock says that something is restored into a folder. Pure. */
export function targetLockFile(stateDir: string, to: string): string {
  const digest = createHash('sha256').update(to).digest('hex').slice(0, 16);
  return join(stateDir, 'locks', `restore-${digest}.lock`);
}

/** Only what this user made, and nobody else can enter: anybody may give a folder such a name. */
function isLeftOver(folder: DirHandle, name: string): boolean {
  if (!name.startsWith(PREFIX)) return false;
  const found = folder.lstat(name);
  return found?.isDirectory() === true && found.uid === process.geteuid?.() && found.mode % 0o1000 === 0o700;
}
