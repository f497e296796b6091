import type { VolumeSeen, WriteSeen } from './volume-seen.ts';

/** The very disk that a look has found: nothing is written to any other. */
export interface Footing {
  readonly device: number;
  /** Stamp of its sentinel. */
  readonly sentinel: string;
}

/** What the main thread asks of the thread that looks at disks; `place` is the real path of the mount point. */
export type PlaceQuestion = { readonly number: number; readonly place: string } & (
  | {
      readonly kind: 'look';
      /** Names of directories one in another, from the mount point on: the one that somebody is about to use. */
      readonly inside: readonly string[];
    }
  | { readonly kind: 'write'; readonly footing: Footing }
);

/** What a mount point itself shows: the part of a look that only the disk can answer, and may never answer. */
export interface PlaceSeen extends Pick<VolumeSeen, 'top' | 'sentinel'> {
  /** Why what was asked for inside cannot be read; absent when it can, or is not there. */
  readonly inside?: string;
  /** Bytes; absent when the disk would not say. */
  readonly space?: { readonly sizeBytes: number; readonly freeBytes: number };
}

/** Its answer, to the question of that number. */
export type PlaceAnswer = { readonly number: number } & (
  | { readonly kind: 'look'; readonly seen: PlaceSeen }
  | { readonly kind: 'write'; readonly seen: WriteSeen }
);
