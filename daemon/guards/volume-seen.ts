import type { SentinelSeen } from '../files/read-sentinel.ts';
import type { Mount } from './mountinfo.ts';

/** What was seen of a volume on the host, before any judgement. */
export interface VolumeSeen {
  /** What lies at the mount point: nothing, something that is no directory, or a directory with its device number. */
  readonly top:
    | { readonly kind: 'absent' }
    | { readonly kind: 'not-a-directory' }
    | { readonly kind: 'unreadable'; readonly code: string }
    | { readonly kind: 'directory'; readonly device: number; readonly parentDevice: number };
  /** The sentinel there. */
  readonly sentinel: SentinelSeen;
  /** The error code with which a directory inside cannot be read that somebody is about to use. */
  readonly inside?: string;
  /** Only on a real root: what the kernel and the disk say of it. */
  readonly disk?: DiskSeen;
}

/** What came of writing to a disk. `gone`: it is not there any more. `refused`: with this error code. */
export type WriteSeen =
  | { readonly kind: 'written' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly code: string };

/** The disk's side of a volume. */
export interface DiskSeen {
  /** The mount at exactly that path in the host's own view; of several, the one on top. */
  readonly mount?: Mount;
  /** Whether this process sees something else there, as in a mount namespace of its own that lags behind. */
  readonly isHidden?: boolean;
  readonly uuid?: string;
  readonly label?: string;
  /** Errors the file system counted since it was last checked; absent where it does not count. */
  readonly errors?: number;
  readonly sizeBytes?: number;
  readonly freeBytes?: number;
  /** The physical disk or disks it is on. */
  readonly physical?: string;
  /** What came of the last attempt to write to it; absent when there was none. */
  readonly write?: WriteSeen;
}
