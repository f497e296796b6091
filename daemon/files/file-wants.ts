/** The ground a file resource stands on: a guarded volume. */
export interface Ground {
  /** Mount point on the host, as declared: `/flux`. */
  readonly mount: string;
  /** `st_dev` that the guard saw there. Anything on another device is not touched. */
  readonly device: number;
  /** The stamp of the sentinel that the guard saw: the kernel gives the device number of a disk that went to the next one. */
  readonly sentinel: string;
}

/** A directory as it should be. Absent owner, group or mode: whatever it has is right. */
export interface DirectoryWant {
  readonly kind: 'directory';
  readonly id: string;
  /** Host path, absolute and clean. */
  readonly path: string;
  /** Mount of the volume it lies on. */
  readonly mount: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Permission bits, setgid and sticky included. */
  readonly mode?: number;
}

/** A symbolic link as it should be. */
export interface LinkWant {
  readonly kind: 'link';
  readonly id: string;
  readonly path: string;
  readonly mount: string;
  /** Exactly what the link must hold. */
  readonly target: string;
}

/** A file resource as it should be. */
export type FileWant = DirectoryWant | LinkWant;

/** What stands at a path. `blocked`: the walk could not get there. */
export type FileSeen =
  | { readonly kind: 'absent' }
  | { readonly kind: 'directory'; readonly uid: number; readonly gid: number; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'blocked'; readonly block: Block };

/** Why a walk stopped before its end, and where. */
export interface Block {
  readonly why: 'link-in-path' | 'not-a-directory' | 'other-device' | 'error';
  /** Host path of the component that is in the way. */
  readonly at: string;
  /** errno name, for `error`. */
  readonly code?: string;
}

/** One way in which what is there differs from what is wanted. */
export interface Difference {
  readonly field:
    | 'existence'
    | 'owner'
    | 'group'
    | 'mode'
    | 'target'
    | 'kind'
    | 'cron'
    | 'timezone'
    | 'setting'
    | 'configuration';
  readonly from: string;
  readonly to: string;
}

/** A wanted file resource that is not as it should be. */
export interface FileFinding {
  readonly id: string;
  readonly seen: FileSeen;
  readonly differences: readonly Difference[];
}

/** How putting one right ended. */
export type FileResult =
  | { readonly id: string; readonly kind: 'done' }
  | { readonly id: string; readonly kind: 'failed'; readonly seen: FileSeen; readonly code?: string };
