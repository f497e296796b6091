/** A tree that was looked at when its guard passed; another directory in its place is not touched. */
export interface TreeGround {
  /** Prefix of every host path. */
  readonly root: string;
  readonly path: string;
  /** Decimal numbers. */
  readonly device: string;
  readonly inode: string;
  /** The kernel's number of the mount; between two of them nothing can be renamed, even on one disk. */
  readonly mount: string;
}
