import type { VolumeSeen } from './judge-volume.ts';

/** What the main thread asks of the thread that looks at disks. */
export interface PlaceQuestion {
  readonly number: number;
  /** Real path of the mount point. */
  readonly place: string;
}

/** What a mount point itself shows: the part of a look that only the disk can answer, and may never answer. */
export interface PlaceSeen extends Pick<VolumeSeen, 'top' | 'sentinel'> {
  /** Bytes; absent when the disk would not say. */
  readonly space?: { readonly sizeBytes: number; readonly freeBytes: number };
}

/** Its answer. */
export interface PlaceAnswer {
  readonly number: number;
  readonly seen: PlaceSeen;
}
