import type { Volume } from '../../state-schema/generated/state-file.ts';

/** What a volume must be. */
export interface VolumeWant {
  readonly name: string;
  readonly volume: Volume;
  readonly host: string;
  /** The id it was adopted with; absent when no person has adopted it. */
  readonly adoptedId?: string;
  /** UUID of the file system that was adopted, where it had one. */
  readonly adoptedUuid?: string;
  /** Least free bytes for new data, as computed from `minFree`. */
  readonly minFreeBytes?: number;
}
