import { faultOf, isFault, type Fault } from '../errors.ts';
import { InTurn } from '../in-turn.ts';
import type { AuditLine, AuditState, ChainHead } from '../store/audit-entry.ts';
import type { Store } from '../store/store.ts';
import { EMPTY_CHAIN } from './chain.ts';
import { baseFor, dropBefore, isKept } from './retention.ts';
import { appendToSegment, readSegments } from './segment-files.ts';
import type { Segment } from './verify-chain.ts';
import { pendingBytes, withPending } from './with-pending.ts';

/** What bringing lines into their files needs. */
export interface SegmentWriterParts {
  readonly folder: string;
  readonly store: Pick<Store, 'auditWritten' | 'setAuditHeads'>;
  /** Called when lines cannot be written, and with nothing when they can be again. */
  readonly onFault: (fault: Fault | undefined) => void;
}

/** A chain from its beginning to its end at one moment. */
export interface WholeChain {
  /** After the last line that was given up. */
  readonly base: ChainHead;
  readonly head: ChainHead;
  readonly segments: readonly Segment[];
}

/** Brings lines that the store holds into their files, in order, with one fsync for all that wait. */
export class SegmentWriter {
  readonly #parts: SegmentWriterParts;
  readonly #turns = new InTurn();
  #base: ChainHead = EMPTY_CHAIN;
  #pending: readonly AuditLine[] = [];

  constructor(parts: SegmentWriterParts) {
    this.#parts = parts;
  }

  /** Takes up what the store says, once nothing is being written. */
  load(read: () => Promise<AuditState>): Promise<AuditState> {
    return this.#turns.run(async () => {
      const state = await read();
      this.#base = state.base ?? EMPTY_CHAIN;
      this.#pending = state.pending;
      return state;
    });
  }

  /** Takes lines that the store now holds. They are written soon. */
  add(lines: readonly AuditLine[]): void {
    this.#pending = [...this.#pending, ...lines];
    void this.flush();
  }

  /** Resolves when every line is in its file, or cannot be for now. Never rejects. */
  flush(): Promise<void> {
    return this.#turns.run(() => this.#flush());
  }

  /** Every line there is, those included that no file has yet. `head`: after the last one, asked for in the same instant. */
  read(head: () => ChainHead): Promise<WholeChain> {
    return this.#turns.run(async () => {
      await this.#flush();
      // Lines go on being kept while the files are read.
      const now = { base: this.#base, head: head(), pending: this.#pending };
      const onDisk = (await readSegments(this.#parts.folder)).filter(({ day }) => isKept(day, now.base));
      return { base: now.base, head: now.head, segments: withPending(onDisk, now.pending) };
    });
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const { folder, onFault } = this.#parts;
    try {
      for (const append of pendingBytes(this.#pending)) {
        await appendToSegment(folder, append);
        await this.#nowWritten(append.end);
        if (append.at === 0) await this.#dropOld();
      }
      onFault(undefined);
    } catch (error) {
      onFault(appendFault(error, folder));
    }
  }

  async #nowWritten(head: ChainHead): Promise<void> {
    await this.#parts.store.auditWritten(head);
    this.#pending = this.#pending.filter((line) => line.head.seq > head.seq);
  }

  /** First remembered, then removed: files that are in the way of nothing go with the next new day. */
  async #dropOld(): Promise<void> {
    const { folder, store } = this.#parts;
    const base = await baseFor(folder);
    if (base === undefined) return;
    await store.setAuditHeads({ base });
    this.#base = base;
    await dropBefore(folder, base);
  }
}

function appendFault(error: unknown, folder: string): Fault {
  if (isFault(error)) return faultOf(error);
  return {
    reason: 'AuditBehind',
    message: `the newest lines of the audit cannot be written below ${folder} and are kept in the database: ${faultOf(error).message}`,
    next: `make room, or mend what is in the way: df ${folder}`,
  };
}
