import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { readSentinel, type SentinelSeen } from './read-sentinel.ts';
import { SENTINEL_NAME } from './sentinel.ts';

const OPEN_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * An open directory, and the only way anchord touches trees that other people can write to.
 *
 * Every name is resolved against the descriptor (`/proc/self/fd/N/name`), and a child is only ever opened without
 * following a link, so whatever is planted or swapped while we work, nothing outside the tree is reached. It also pins
 * the mount: once a volume's root is open, a disk that is pulled makes errors, never a write to the disk below.
 *
 * The calls are synchronous on purpose: they run in the file worker, where ten thousand of them cost a tenth of what
 * their promises would.
 */
export class DirHandle implements Disposable {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Opens a path that only root and the host settings decide, following links in it. Throws what `open` throws. */
  static openTrusted(path: string): DirHandle {
    return new DirHandle(openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
  }

  /** Opens a child directory. Throws ENOENT, ENOTDIR (also for a link to a directory) or ELOOP. */
  open(name: string): DirHandle {
    return new DirHandle(openSync(this.#at(name), OPEN_DIRECTORY));
  }

  /** The same directory once more. */
  again(): DirHandle {
    return new DirHandle(openSync(`/proc/self/fd/${this.#fd}`, constants.O_RDONLY | constants.O_DIRECTORY));
  }

  /** To hand the directory down to a program, or to name what is in it: `/proc/self/fd/<descriptor>/…`. */
  get descriptor(): number {
    return this.#fd;
  }

  /** The directory itself. */
  stat(): Stats {
    return fstatSync(this.#fd);
  }

  /** A child, without following a link; undefined when there is none. */
  lstat(name: string): Stats | undefined {
    return lstatSync(this.#at(name), { throwIfNoEntry: false });
  }

  /** Names of all entries, in no order. */
  names(): readonly string[] {
    return readdirSync(`/proc/self/fd/${this.#fd}`);
  }

  /** Bytes that can still be written on its file system. */
  freeBytes(): number {
    const { bavail, bsize } = statfsSync(`/proc/self/fd/${this.#fd}`);
    return bavail * bsize;
  }

  /** Makes a child directory that nobody else can enter until its owner and mode are set. */
  mkdir(name: string): void {
    mkdirSync(this.#at(name), 0o700);
  }

  /** Sets the owner and group of the directory itself. */
  chown(uid: number, gid: number): void {
    fchownSync(this.#fd, uid, gid);
  }

  /** Sets the mode of the directory itself. */
  chmod(mode: number): void {
    fchmodSync(this.#fd, mode);
  }

  /** The sentinel in this directory. */
  sentinel(): SentinelSeen {
    return readSentinel(this.#at(SENTINEL_NAME));
  }

  readlink(name: string): string {
    return readlinkSync(this.#at(name));
  }

  /** Throws EEXIST when anything has that name. */
  symlink(target: string, name: string): void {
    symlinkSync(target, this.#at(name));
  }

  /** Renames within this directory, replacing what has the new name. */
  rename(from: string, to: string): void {
    renameSync(this.#at(from), this.#at(to));
  }

  /** Moves an entry into another directory, replacing what has its name there. Throws EXDEV between file systems. */
  moveInto(name: string, other: DirHandle): void {
    renameSync(this.#at(name), other.#at(name));
  }

  /** Removes an empty child directory. */
  rmdir(name: string): void {
    rmdirSync(this.#at(name));
  }

  unlink(name: string): void {
    unlinkSync(this.#at(name));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #at(name: string): string {
    if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
      throw new Error(`Internal error: ${JSON.stringify(name)} is not the name of a directory entry`);
    }
    return `/proc/self/fd/${this.#fd}/${name}`;
  }
}
