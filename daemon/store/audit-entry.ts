/** Where a chain of the audit stands after a line. Before the first line it is `EMPTY_CHAIN` of audit/chain.ts. */
export interface ChainHead {
  /** Number of the line; the first is 1. */
  readonly seq: number;
  /** SHA-256 of the line's bytes without its newline, hexadecimal. */
  readonly hash: string;
  /** When it was written, UTC. */
  readonly time: string;
  /** The day whose file holds the line, `YYYY/MM/DD`. */
  readonly segment: string;
  /** Length of that file up to and with the line's newline. */
  readonly bytes: number;
}

/** One line of the audit, without its newline, and where the chain stands after it. */
export interface AuditLine {
  readonly text: string;
  readonly head: ChainHead;
}

/** Lines that follow one another, at least one: kept in the same step as what they tell of. */
export type AuditEntry = readonly AuditLine[];

/** What is remembered of the audit's chain. */
export interface AuditState {
  /** After the last line; absent before the first. */
  readonly head?: ChainHead;
  /** After the last line that is known to be in its file. */
  readonly written?: ChainHead;
  /** After the last line that was given up: the chain begins behind it. */
  readonly base?: ChainHead;
  /** The lines after `written`, in order. */
  readonly pending: readonly AuditLine[];
}
