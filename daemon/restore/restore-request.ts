import type { Reason } from '../../state-schema/generated/status.ts';

/** What a person wants back. */
export interface RestoreRequest {
  readonly policy: string;
  /** `latest`, or an id or the beginning of one. */
  readonly snapshot: string;
  /** Host path of one file or directory; without it all of the policy's source comes back. */
  readonly path?: string | undefined;
  /** Folder that gets it: a real, absolute path, without the root's prefix. */
  readonly to: string;
  /** The folder may hold something, or be part of what is backed up: files of the same name are replaced. */
  readonly overwrite: boolean;
}

/** How a restore ended. */
export interface RestoreReport {
  /** `partial`: what is not in `left` is back. `failed` and `cancelled`: nothing was put into the folder. */
  readonly outcome: 'ok' | 'partial' | 'failed' | 'cancelled';
  readonly reason?: Reason;
  readonly message?: string;
  readonly next?: string;
  readonly policy: string;
  readonly to: string;
  /** 64 hex digits. Absent of a mirror, which has none, and when none was found. */
  readonly snapshot?: string;
  /** When the snapshot was begun. */
  readonly time?: string;
  /** Files that are back and were compared, and bytes in them. */
  readonly files: number;
  readonly bytes: number;
  /** What is not back as it was, each with the reason; a hundred at the most. */
  readonly left: readonly string[];
  /** How many that are. */
  readonly leftCount: number;
}
