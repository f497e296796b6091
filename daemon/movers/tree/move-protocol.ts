import type { QuarantineId } from './quarantine.ts';
import type { RawName } from './raw-name.ts';
import type { TreeGround } from './tree-ground.ts';

/** A directory of our own in a tree. */
export interface OwnPlace {
  readonly ground: TreeGround;
  readonly id: QuarantineId;
}

/** What the main thread asks of the worker to move a directory from one tree to another. */
export type MoveRequest =
  /** Opens what is to be copied and where to, for a program that inherits the descriptors; to be closed by `close`. */
  | {
      readonly kind: 'open-copy';
      readonly ground: TreeGround;
      readonly name: RawName;
      readonly staging: OwnPlace;
    }
  | { readonly kind: 'close'; readonly descriptors: readonly number[] }
  /** Compares a directory with its copy: everything but what only rsync can see. */
  | {
      readonly kind: 'compare';
      readonly ground: TreeGround;
      readonly name: RawName;
      readonly staging: OwnPlace;
    }
  /** Takes a directory out of reach when it is what was seen before, and then still is; else it stays. */
  | {
      readonly kind: 'hide';
      readonly quarantine: OwnPlace;
      readonly name: RawName;
      readonly print: string;
      readonly exclude: readonly string[];
    }
  /** Puts everything in a directory of our own back into its tree, and removes it. */
  | { readonly kind: 'put-back'; readonly place: OwnPlace }
  /** Moves what is in a directory of our own to its place, never over anything. */
  | {
      readonly kind: 'place';
      readonly from: OwnPlace;
      readonly name: RawName;
      readonly ground: TreeGround;
      readonly to: RawName;
    }
  /** Removes a directory of our own with everything in it. */
  | { readonly kind: 'empty'; readonly place: OwnPlace }
  /** What a directory of our own holds; undefined when it is gone. */
  | { readonly kind: 'inside'; readonly place: OwnPlace }
  /** Removes an empty directory of ours that a crash left before it was written down which one it is. */
  | { readonly kind: 'sweep'; readonly ground: TreeGround; readonly name: RawName }
  | { readonly kind: 'entry'; readonly ground: TreeGround; readonly name: RawName }
  | { readonly kind: 'link'; readonly ground: TreeGround; readonly name: RawName; readonly target: string };

/** Its answers, by kind of request. */
export interface MoveAnswers {
  readonly 'open-copy': { readonly source: number; readonly target: number; readonly freeBytes: number };
  readonly close: undefined;
  readonly compare: Comparison;
  /** Why it stays; undefined when it is hidden. */
  readonly hide: string | undefined;
  /** The names that things have now; another than before when something new had theirs. */
  readonly 'put-back': readonly RawName[];
  readonly place: 'placed' | 'taken';
  readonly empty: { readonly files: number; readonly bytes: number; readonly left: readonly string[] };
  readonly inside: readonly RawName[] | undefined;
  readonly sweep: undefined;
  /** Its inode, a decimal number; undefined when nothing has that name. */
  readonly entry: { readonly inode: string; readonly isDirectory: boolean } | undefined;
  /** `false`: something has that name already. */
  readonly link: boolean;
}

/** What a comparison found. `inode`: that of the copy. */
export type Comparison =
  | { readonly kind: 'same'; readonly inode: string; readonly files: number; readonly bytes: number }
  | { readonly kind: 'differs'; readonly what: string };
