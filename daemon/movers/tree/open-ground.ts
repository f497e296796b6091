import { Quarantine } from './quarantine.ts';
import type { OwnPlace } from './move-protocol.ts';
import { rawName, type RawName } from './raw-name.ts';
import { TreeDir } from './tree-dir.ts';
import type { TreeGround } from './tree-ground.ts';

/** The tree that was seen when the guard passed, or an error: another disk may be mounted over it by now, or none. */
export function openGround(ground: TreeGround): TreeDir {
  const tree = TreeDir.at(ground.root, ground.path);
  const { dev, ino } = tree.stat();
  if (String(dev) === ground.device && String(ino) === ground.inode) return tree;
  tree[Symbol.dispose]();
  throw new Error(`${ground.path} is another directory than a moment ago; nothing in it is touched`);
}

/** A directory of our own, or an error when somebody has taken it away. */
export function openOwn(tree: TreeDir, { id, ground }: OwnPlace): Quarantine {
  const found = Quarantine.find(tree, id);
  if (found !== undefined) return found;
  throw new Error(`somebody has taken away ${id.name} from ${ground.path}, which anchord worked in`);
}

/** The names of a tree's host path. Pure. */
export function groundNames(ground: TreeGround): readonly RawName[] {
  return ground.path
    .split('/')
    .filter((name) => name !== '')
    .map(rawName);
}
