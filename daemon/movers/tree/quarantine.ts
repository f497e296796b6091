import type { RawName } from './raw-name.ts';
import { TreeDir } from './tree-dir.ts';

/** Which directory a quarantine is, so that no other one of its name is ever taken for it. Decimal numbers. */
export interface QuarantineId {
  readonly name: RawName;
  readonly device: string;
  readonly inode: string;
}

/**
 * A directory of our own in a tree that others write to, which nobody else can enter. What is moved into it is out of
 * everybody's reach but of those who had it open before; only then it is looked at for the last time, and removed.
 */
export class Quarantine implements Disposable {
  readonly #tree: TreeDir;
  readonly #dir: TreeDir;
  readonly id: QuarantineId;

  private constructor(tree: TreeDir, dir: TreeDir, name: RawName) {
    const { dev, ino } = dir.stat();
    this.#tree = tree;
    this.#dir = dir;
    this.id = { name, device: String(dev), inode: String(ino) };
  }

  /** Makes a new one. Throws EEXIST when anything has that name. */
  static make(tree: TreeDir, name: RawName): Quarantine {
    tree.mkdir(name);
    const quarantine = new Quarantine(tree, tree.open(name), name);
    tree.sync();
    return quarantine;
  }

  /** Finds one that a crash left; undefined when that very directory is not there any more. */
  static find(tree: TreeDir, id: QuarantineId): Quarantine | undefined {
    if (tree.lstat(id.name)?.isDirectory() !== true) return undefined;
    const found = new Quarantine(tree, tree.open(id.name), id.name);
    if (found.id.device === id.device && found.id.inode === id.inode) return found;
    found[Symbol.dispose]();
    return undefined;
  }

  /** The inside. */
  get dir(): TreeDir {
    return this.#dir;
  }

  /** What is in it; a few hundred at the most. */
  names(): readonly RawName[] {
    return [...this.#dir.names()];
  }

  /** Moves an entry of the tree in. */
  hide(name: RawName): void {
    this.#tree.move(name, this.#dir, name);
  }

  /**
   * Moves an entry back to where it was. When something new has its name it gets another one, which is returned: nothing
   * is ever written over, and nothing stays hidden.
   */
  putBack(name: RawName): RawName {
    for (let attempt = 0; ; attempt++) {
      const back = attempt === 0 ? name : `${shortened(name)} (put back by anchord ${attempt})`;
      try {
        this.#dir.move(name, this.#tree, back);
        return back;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (attempt >= 100 || (code !== 'EEXIST' && code !== 'ENOTEMPTY')) throw error;
      }
    }
  }

  /** Removes the empty directory; one that is not empty stays. */
  close(): void {
    const found = this.#tree.lstat(this.id.name);
    const isOurs = String(found?.ino) === this.id.inode && String(found?.dev) === this.id.device;
    if (isOurs && this.#dir.names().next().done === true) this.#tree.rmdir(this.id.name);
  }

  [Symbol.dispose](): void {
    this.#dir[Symbol.dispose]();
  }
}

/** Names are at most 255 bytes. */
function shortened(name: RawName): RawName {
  return name.slice(0, 200);
}
