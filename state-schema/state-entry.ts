/** One entry of a revision's tree below `hosts/<host>/` or `common/`, as whoever read the repo found it. */
export interface StateEntry {
  /** Path in the repo, with `/` between its parts: `hosts/motoko/volumes.yaml`. Not to be trusted. */
  readonly path: string;
  readonly type: 'file' | 'symlink' | 'folder' | 'submodule';
  /** Bytes of the file; 0 for anything else. */
  readonly size: number;
  /** The content; absent when the entry is no file, or over `FILE_LIMIT_BYTES`, or the repo is over its limit. */
  readonly bytes?: Uint8Array;
}

/** The largest state file that is read: 4 MiB hold about 30,000 directories. */
export const FILE_LIMIT_BYTES: number = 4 * 1024 * 1024;

/** The most that all state files of one host, the common ones included, may hold together. */
export const REPO_LIMIT_BYTES: number = 16 * 1024 * 1024;

/** The most entries that are looked at below `hosts/<host>/` and `common/` together. */
export const ENTRY_LIMIT = 1000;
