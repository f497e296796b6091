import type { MoveAnswers, MoveRequest } from './move-protocol.ts';
import type { QuarantineId } from './quarantine.ts';
import type { RawName } from './raw-name.ts';
import type { EntrySeen } from './survey.ts';
import type { TreeGround } from './tree-ground.ts';

/** An entry with what was seen of it. */
export interface NamedEntry extends EntrySeen {
  readonly name: RawName;
}

/** An entry that is left alone, and why. */
export interface LeftEntry {
  readonly name: RawName;
  readonly why: string;
  /** The policy says so. */
  readonly isAsked: boolean;
}

/** What the main thread asks of the worker that walks trees. */
export type TreeRequest =
  | MoveRequest
  /** Finds the tree. */
  | { readonly kind: 'ground'; readonly root: string; readonly path: string }
  /** Looks at every direct entry. `before`: nothing newer is old enough, in milliseconds since 1970. */
  | {
      readonly kind: 'survey';
      readonly ground: TreeGround;
      readonly exclude: readonly string[];
      readonly before: number;
      readonly only: 'all' | 'directories';
      /** A directory with one of these at its top is left alone. */
      readonly unless: readonly RawName[];
      /** So many old entries at the most; the rest is counted. */
      readonly most: number;
    }
  /**
   * Takes entries out of reach, looks at each once more, removes those that are what was seen and puts the others back.
   * A few hundred at the most: until they are removed they are hidden.
   */
  | {
      readonly kind: 'remove';
      readonly ground: TreeGround;
      readonly quarantine: QuarantineId;
      readonly entries: readonly NamedEntry[];
      readonly exclude: readonly string[];
    }
  | { readonly kind: 'make-quarantine'; readonly ground: TreeGround; readonly name: RawName }
  /** Ends a quarantine: what is in it and older than `before` goes, anything else goes back. */
  | {
      readonly kind: 'end-quarantine';
      readonly ground: TreeGround;
      readonly quarantine: QuarantineId;
      readonly before: number;
    };

/** Its answers, by kind of request. */
export interface TreeAnswers extends MoveAnswers {
  readonly ground:
    | { readonly kind: 'ground'; readonly ground: TreeGround }
    | { readonly kind: 'missing'; readonly why: string };
  readonly survey: Surveys;
  readonly remove: readonly Removed[];
  readonly 'make-quarantine': QuarantineId;
  readonly 'end-quarantine': EndedQuarantine;
}

/** What was seen of a tree. */
export interface Surveys {
  /** Direct entries, those of anchord left out. */
  readonly entries: number;
  /** Old enough and free to go; at most as many as were asked for. */
  readonly old: readonly NamedEntry[];
  /** Old enough as well, past that number. */
  readonly oldBeyond: number;
  /** Not old enough: how many, and the first of them. */
  readonly young: number;
  readonly youngest: readonly NamedEntry[];
  /** Left alone for another reason: how many, and the first of them. */
  readonly left: number;
  readonly leftFirst: readonly LeftEntry[];
}

/** What came of the removal of one entry. */
export type Removed = { readonly name: RawName } & (
  | { readonly kind: 'removed'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'kept'; readonly why: string }
  /** A part could not be removed; it stands again where it was. */
  | { readonly kind: 'partly'; readonly files: number; readonly bytes: number; readonly why: string }
);

/** What was in a quarantine that a crash left. */
export interface EndedQuarantine {
  readonly removed: number;
  readonly files: number;
  readonly bytes: number;
  readonly putBack: readonly RawName[];
}

/** Request and answer on the wire. */
export interface TreeMessage {
  readonly number: number;
  readonly request: TreeRequest;
}

/** `progress`: things seen since the request, told now and then. */
export type TreeReply =
  | { readonly kind: 'progress'; readonly seen: number }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: unknown }
  | {
      readonly kind: 'failed';
      readonly number: number;
      readonly code: string | undefined;
      readonly message: string;
    };
