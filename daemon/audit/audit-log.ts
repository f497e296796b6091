import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { faultOf, Transient, type Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import { InTurn } from '../in-turn.ts';
import type { AuditEntry, ChainHead } from '../store/audit-entry.ts';
import type { Store } from '../store/store.ts';
import { appendLines, EMPTY_CHAIN } from './chain.ts';
import { chainFault } from './chain-fault.ts';
import type { AuditFact } from './fact.ts';
import { SegmentWriter, type WholeChain } from './segment-writer.ts';
import { takeOver } from './take-over.ts';
import type { ChainVerdict } from './verdict.ts';
import { verifyChain } from './verify-chain.ts';

/** So many facts are kept in one step of the store. */
const BATCH = 200;
/** So many facts of their own wait for a store that takes nothing; the oldest are given up first. */
const WAITING_LIMIT = 1_000;

/** What the audit needs. */
export interface AuditLogParts {
  readonly host: string;
  /** `<stateDir>/audit/host`. */
  readonly folder: string;
  readonly store: Pick<Store, 'audit' | 'addAudit' | 'auditWritten' | 'setAuditHeads'>;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Makes a fact one that strangers may read, where host settings ask for that. */
  readonly redact?: (fact: AuditFact) => AuditFact;
}

/** The whole chain at one moment, looked through. */
export interface AuditSnapshot extends WholeChain {
  readonly verdict: ChainVerdict;
}

/**
 * The one writer of the host's audit. A line is kept in the store, in the same step as what it tells of, and is part of
 * the chain from then on; its file follows. A crash in between loses nothing: the store holds each line until its file
 * has it for good.
 */
export class AuditLog implements AsyncDisposable {
  readonly #parts: AuditLogParts;
  readonly #turns = new InTurn();
  readonly #writer: SegmentWriter;
  readonly #faults = new Map<'files' | 'chain', Fault>();
  #head: ChainHead = EMPTY_CHAIN;
  #waiting: readonly AuditFact[] = [];

  private constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#writer = new SegmentWriter({ ...parts, onFault: (fault) => this.#say('files', fault) });
  }

  /** Takes up the chain where the store says it stands, and writes to the files what they lack. */
  static async open(parts: AuditLogParts): Promise<AuditLog> {
    const audit = new AuditLog(parts);
    await audit.#load();
    if (audit.#head.seq === 0) await audit.#begin();
    await audit.flush();
    return audit;
  }

  /** After the last line. */
  get head(): ChainHead {
    return this.#head;
  }

  /** What is wrong with the files, as far as anybody looked; undefined when nothing is. */
  get fault(): Fault | undefined {
    return this.#faults.get('chain') ?? this.#faults.get('files');
  }

  /** Keeps the lines of facts in the step that `write` does. Throws what `write` throws; then there are no such lines. */
  commit<Result>(
    facts: readonly AuditFact[],
    write: (lines: AuditEntry) => Promise<Result>,
  ): Promise<Result> {
    return this.#turns.run(() => this.#commit(facts, write));
  }

  /**
   * Keeps facts that tell of nothing else in the store, together with those told meanwhile. Never throws: what the
   * store does not take is tried again with the next ones.
   */
  record(...facts: readonly AuditFact[]): void {
    this.#waiting = [...this.#waiting, ...facts].slice(-WAITING_LIMIT);
    void this.#turns.run(() => this.#drain());
  }

  /** Resolves when everything told until now is in the files, or cannot be for now. */
  async flush(): Promise<void> {
    await this.#turns.run(() => this.#drain());
    await this.#writer.flush();
  }

  /** The whole chain as it is now, looked through. Lines go on being kept meanwhile. Throws `Transient` when it cannot be read. */
  async snapshot(): Promise<AuditSnapshot> {
    await this.flush();
    const { base, head, segments } = await this.#read();
    const verdict = verifyChain(segments, { base, head });
    this.#judged(verdict);
    return { base, head, segments, verdict };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  async #load(): Promise<void> {
    const state = await this.#writer.load(() => this.#parts.store.audit());
    this.#head = state.head ?? EMPTY_CHAIN;
  }

  async #read(): Promise<WholeChain> {
    try {
      return await this.#writer.read(() => this.#head);
    } catch (error) {
      const { folder } = this.#parts;
      const message = `the audit below ${folder} cannot be read: ${faultOf(error).message}`;
      const fault: Fault = { reason: 'AuditBehind', message, next: 'look at the disk: dmesg' };
      this.#say('chain', fault);
      throw new Transient(fault, { cause: error });
    }
  }

  /** The store knows of no chain: a new one begins, or that of the files goes on. */
  async #begin(): Promise<void> {
    const { folder, store, host, clock } = this.#parts;
    const found = await takeOver(folder, clock.now());
    if (found.kind === 'found') {
      const { base, head } = found;
      await store.setAuditHeads({ base, head, written: head });
      await this.#load();
      return this.record({ kind: 'audit.continued', facts: { because: 'the database knew of no audit' } });
    }
    const aside = found.kind === 'aside' ? { aside: found.aside, fault: found.fault } : {};
    this.record({ kind: 'audit.begun', facts: { format: 1, chain: randomUUID(), host, ...aside } });
  }

  async #commit<Result>(
    facts: readonly AuditFact[],
    write: (lines: AuditEntry) => Promise<Result>,
  ): Promise<Result> {
    const { redact = (fact) => fact, clock } = this.#parts;
    const lines = appendLines(this.#head, facts.map(redact), clock.now());
    try {
      const result = await write(lines);
      this.#head = lines.at(-1)?.head ?? this.#head;
      this.#writer.add(lines);
      return result;
    } catch (error) {
      // A write that failed on its way to the disk may be there all the same: only the store knows.
      await this.#load().catch(() => undefined);
      throw error;
    }
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH);
      this.#waiting = this.#waiting.slice(BATCH);
      try {
        await this.#commit(batch, (lines) => this.#parts.store.addAudit(lines));
      } catch (error) {
        this.#waiting = [...batch, ...this.#waiting].slice(-WAITING_LIMIT);
        return this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
      }
    }
  }

  #judged(verdict: ChainVerdict): void {
    if (verdict.kind === 'ok') return this.#say('chain', undefined);
    const fault = chainFault(verdict, this.#parts);
    if (this.#faults.get('chain')?.message === fault.message) return;
    this.#say('chain', fault);
    const { segment, line } = verdict.at;
    this.record({ kind: 'audit.damaged', facts: { fault: verdict.kind, segment, line } });
  }

  #say(what: 'files' | 'chain', fault: Fault | undefined): void {
    const before = this.#faults.get(what);
    if (fault === undefined) this.#faults.delete(what);
    else this.#faults.set(what, fault);
    if (fault !== undefined && fault.message !== before?.message)
      this.#parts.emit({ kind: 'audit.failed', fault });
  }
}
