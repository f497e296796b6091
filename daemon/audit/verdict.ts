import type { ChainHead } from '../store/audit-entry.ts';

/** Where in the files something was found. */
export interface ChainPlace {
  /** The day of the file, `YYYY/MM/DD`. */
  readonly segment: string;
  /** Line of the file, the first is 1. */
  readonly line: number;
}

/** What is wrong with a chain. `found` and `expected` are for a person. */
export interface ChainFault {
  readonly kind: ChainFaultKind;
  readonly at: ChainPlace;
  readonly found: string;
  readonly expected: string;
  /** How much of the chain before it is right. */
  readonly right: { readonly lines: number; readonly segments: number };
}

/** Every way in which a chain can be wrong. Closed; docs/audit.md says what each means. */
export type ChainFaultKind =
  /** It is no line of the audit, or not written in the one canonical way. */
  | 'malformed'
  /** The line after it was linked to other bytes; or, of the last one, it is not the remembered head. */
  | 'edited'
  /** A line stands before one that it follows. */
  | 'reordered'
  /** A number stands there a second time. */
  | 'inserted'
  /** Lines are missing between this one and the one before. */
  | 'gap'
  /** The first line of a file is not linked to the last line of the file before. */
  | 'wrong-link'
  /** The line does not belong into the file of this day. */
  | 'wrong-segment'
  /** The chain ends too early. */
  | 'truncated'
  /** The chain goes on after the remembered head. */
  | 'extra';

/** Every way in which a status branch can belie the host. Closed; docs/audit.md says what each means. */
export type BranchFaultKind =
  /** What was published is nowhere on the branch any more. */
  | 'branch-missing'
  /** The last commit that was published is no longer part of the branch's history. */
  | 'branch-rewritten'
  /** The branch has fewer lines than were published. */
  | 'branch-truncated'
  /** A line of the branch is another than the host's line of the same number. */
  | 'branch-differs'
  /** The branch has lines that the host does not know. */
  | 'branch-ahead'
  /** A commit of the branch tells of another head than the host's chain had. */
  | 'branch-head';

/** What a look at a whole chain came to. `head` is where its lines end. */
export type ChainVerdict =
  | { readonly kind: 'ok'; readonly head: ChainHead; readonly lines: number; readonly segments: number }
  | ChainFault;
