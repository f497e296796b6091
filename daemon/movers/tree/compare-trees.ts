import { closeSync, readSync, type BigIntStats } from 'node:fs';
import type { Comparison } from './move-protocol.ts';
import { nameText, type RawName } from './raw-name.ts';
import type { TreeDir } from './tree-dir.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Compares a directory with its copy, byte by byte and from descriptor to descriptor: names, kinds, contents, link targets,
 * modes, owners, modification times, device numbers, and which files are one under several names. Not compared are access
 * and change times, which no copy keeps.
 */
export function compareTrees(one: TreeDir, copy: TreeDir, onEntry: () => void): Comparison {
  const comparing = new Comparing(onEntry);
  const what = comparing.stats(one.stat(), copy.stat()) ?? comparing.insides(one, copy);
  if (what !== undefined) return { kind: 'differs', what };
  return { kind: 'same', inode: String(copy.stat().ino), files: comparing.files, bytes: comparing.bytes };
}

class Comparing {
  files = 0;
  bytes = 0;
  readonly #onEntry: () => void;
  readonly #one = Buffer.allocUnsafe(CHUNK_BYTES);
  readonly #other = Buffer.allocUnsafe(CHUNK_BYTES);
  /** Files with several names: the inode of the copy of each. */
  readonly #linked = new Map<bigint, bigint>();
  readonly #linkedCopies = new Set<bigint>();

  constructor(onEntry: () => void) {
    this.#onEntry = onEntry;
  }

  insides(one: TreeDir, copy: TreeDir): string | undefined {
    let count = 0;
    for (const name of one.names()) {
      count++;
      const what = this.#entry(one, copy, name);
      if (what !== undefined) return `${nameText(name)}${what.startsWith(' ') ? what : `/${what}`}`;
    }
    for (const _name of copy.names()) count--;
    return count === 0 ? undefined : ' holds other names than its copy';
  }

  /** In what two entries differ, as words that follow the name. */
  stats(one: BigIntStats, copy: BigIntStats): string | undefined {
    if (one.mode !== copy.mode) return ' has another mode than its copy';
    if (one.uid !== copy.uid || one.gid !== copy.gid) return ' has another owner than its copy';
    if (one.mtimeNs !== copy.mtimeNs) return ' has another modification time than its copy';
    if (!one.isDirectory() && one.size !== copy.size) return ' has another size than its copy';
    return one.rdev === copy.rdev ? undefined : ' is another device than its copy';
  }

  #entry(one: TreeDir, copy: TreeDir, name: RawName): string | undefined {
    this.#onEntry();
    const [stats, copied] = [one.lstat(name), copy.lstat(name)];
    if (stats === undefined || copied === undefined) return ' is not in both';
    const what = this.stats(stats, copied);
    if (what !== undefined) return what;
    if (stats.isDirectory()) {
      using inside = one.open(name);
      using inCopy = copy.open(name);
      return this.insides(inside, inCopy);
    }
    this.files++;
    if (stats.nlink > 1n && !this.#isLinkedAlike(stats.ino, copied.ino))
      return ' is one file with others, and its copy is not';
    if (stats.isSymbolicLink())
      return one.readlink(name).equals(copy.readlink(name)) ? undefined : ' leads elsewhere than its copy';
    return stats.isFile() ? this.#contents(one, copy, name) : undefined;
  }

  #isLinkedAlike(inode: bigint, copied: bigint): boolean {
    const known = this.#linked.get(inode);
    if (known !== undefined) return known === copied;
    if (this.#linkedCopies.has(copied)) return false;
    this.#linked.set(inode, copied);
    this.#linkedCopies.add(copied);
    return true;
  }

  #contents(one: TreeDir, copy: TreeDir, name: RawName): string | undefined {
    const file = one.openFile(name);
    try {
      const copied = copy.openFile(name);
      try {
        return this.#areSame(file, copied) ? undefined : ' has other bytes than its copy';
      } finally {
        closeSync(copied);
      }
    } finally {
      closeSync(file);
    }
  }

  #areSame(file: number, copied: number): boolean {
    for (;;) {
      this.#onEntry();
      const length = fill(file, this.#one);
      const other = fill(copied, this.#other);
      if (length !== other) return false;
      if (!this.#one.subarray(0, length).equals(this.#other.subarray(0, length))) return false;
      this.bytes += length;
      if (length < CHUNK_BYTES) return true;
    }
  }
}

/** Reads until the buffer is full or the file ends. */
function fill(descriptor: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}
