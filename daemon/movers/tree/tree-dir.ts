import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  type BigIntStats,
} from 'node:fs';
import { rawBytes, type RawName } from './raw-name.ts';

const OPEN_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
// Never waits for the other end of a FIFO, never follows a link, and does not change when a file was last read.
const OPEN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** How many names are read from a directory at once. */
const NAMES_AT_ONCE = 512;

/**
 * An open directory of a tree that other people write to, with names byte for byte. Every name is resolved against the
 * descriptor and no link is followed, so whatever is swapped while we work, nothing outside the tree is reached.
 */
export class TreeDir implements Disposable {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Opens the directory at a path below a trusted root, component by component. Throws what `open` throws. */
  static at(root: string, hostPath: string): TreeDir {
    let current = new TreeDir(openSync(root, constants.O_RDONLY | constants.O_DIRECTORY));
    for (const part of hostPath.split('/').filter((name) => name !== '')) {
      using parent = current;
      current = parent.open(Buffer.from(part).toString('latin1'));
    }
    return current;
  }

  /** For children that are to work in it, and for nothing else. */
  get descriptor(): number {
    return this.#fd;
  }

  /** Opens a child directory. Throws ENOENT, ENOTDIR (also for a link to a directory) or ELOOP. */
  open(name: RawName): TreeDir {
    return new TreeDir(openSync(this.#at(name), OPEN_DIRECTORY));
  }

  /** Opens a child file to be read; the descriptor is the caller's to close. */
  openFile(name: RawName): number {
    return openSync(this.#at(name), OPEN_FILE);
  }

  stat(): BigIntStats {
    return fstatSync(this.#fd, { bigint: true });
  }

  /** A child, without following a link; undefined when there is none. */
  lstat(name: RawName): BigIntStats | undefined {
    return lstatSync(this.#at(name), { bigint: true, throwIfNoEntry: false });
  }

  /** The kernel's number of the mount this directory is seen through; a bind mount of the same disk has another one. */
  mountId(): string {
    const info = readFileSync(`/proc/self/fdinfo/${this.#fd}`, 'latin1');
    return /^mnt_id:\s*(\d+)/m.exec(info)?.[1] ?? 'unknown';
  }

  /** Every name in it, in the order of the disk, a few hundred in memory at a time. */
  *names(): Generator<RawName, void, undefined> {
    const dir = opendirSync(`/proc/self/fd/${this.#fd}/.`, {
      // Node takes 'buffer' here as it does for readdir, and its types do not say so.
      encoding: 'buffer' as BufferEncoding,
      bufferSize: NAMES_AT_ONCE,
    });
    try {
      for (let entry = dir.readSync(); entry !== null; entry = dir.readSync())
        yield (entry.name as unknown as Buffer).toString('latin1');
    } finally {
      dir.closeSync();
    }
  }

  readlink(name: RawName): Buffer {
    return readlinkSync(this.#at(name), { encoding: 'buffer' });
  }

  /** Makes a child directory that nobody else can enter. Throws EEXIST when anything has that name. */
  mkdir(name: RawName): void {
    mkdirSync(this.#at(name), 0o700);
  }

  /** Throws EEXIST when anything has that name. */
  symlink(target: string, name: RawName): void {
    symlinkSync(target, this.#at(name));
  }

  unlink(name: RawName): void {
    unlinkSync(this.#at(name));
  }

  rmdir(name: RawName): void {
    rmdirSync(this.#at(name));
  }

  /**
   * Moves a child into another directory of the same disk, never over anything: an empty directory of our own, made as
   * its place, is all that it replaces. Throws EEXIST, or ENOTEMPTY when somebody was quicker.
   */
  move(name: RawName, to: TreeDir, toName: RawName): void {
    const stats = lstatSync(this.#at(name));
    if (stats.isDirectory()) {
      to.mkdir(toName);
      try {
        renameSync(this.#at(name), to.#at(toName));
      } catch (error) {
        to.rmdir(toName);
        throw error;
      }
      return;
    }
    linkSync(this.#at(name), to.#at(toName));
    unlinkSync(this.#at(name));
  }

  /** Makes what was done in it survive a power cut. */
  sync(): void {
    fsyncSync(this.#fd);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #at(name: RawName): Buffer {
    if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
      throw new Error(`Internal error: ${JSON.stringify(name)} is not the name of a directory entry`);
    }
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.#fd}/`), rawBytes(name)]);
  }
}
