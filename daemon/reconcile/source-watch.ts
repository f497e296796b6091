import { isoSeconds, type Clock } from '../clock.ts';
import { faultOf, Stalled } from '../errors.ts';
import type { Conditions, ConditionWord } from '../status/conditions.ts';
import type { Store } from '../store/store.ts';
import { fetchedWords, fetchFailedWords, idleWords, rejectedWords } from './condition-words.ts';
import type { KnownRevisions } from './known-revisions.ts';
import { look, type Look, type LookParts, type RejectedTip } from './look.ts';
import { nextLookAfter } from './next-look.ts';
import { refusedPass } from './pass-record.ts';
import { stalledWord } from './rollback-words.ts';
import { AS_ALWAYS, NOTHING_NEW, type Looked } from './round.ts';
import { NOT_ASKED, signersUnusableWords, sourceWord } from './source-words.ts';
import { standingOf } from './standing.ts';

/** What watching the source needs. */
export interface SourceWatchParts extends LookParts {
  readonly store: Pick<Store, 'addPass'>;
  readonly conditions: Conditions;
  readonly clock: Clock;
}

/** The remote as it is seen from here: its tip, what was refused of it, and what is said of both. */
export class SourceWatch {
  readonly #parts: SourceWatchParts;
  readonly #revisions: KnownRevisions;
  #observed: string | undefined;
  /** The tip this process rejected: looked at again only when the signers or, after a restart, other settings changed. */
  #rejectedHere: RejectedTip | undefined;
  /** What a person must see to before a look goes well again, as the last look said it. */
  #stalls: ConditionWord | undefined;

  constructor(parts: SourceWatchParts, revisions: KnownRevisions) {
    this.#parts = parts;
    this.#revisions = revisions;
  }

  /** The newest tip that the remote told of. */
  get observed(): string | undefined {
    return this.#observed;
  }

  /** What the last look said of a person who must act; undefined when it went well, or may go well by itself. */
  get stalls(): ConditionWord | undefined {
    return this.#stalls;
  }

  /** Takes a tip that somebody else asked for. */
  saw(tip: string | undefined): void {
    this.#observed = tip ?? this.#observed;
  }

  /** Asks the remote. Throws `Stalled` or `Transient`, which `failed` puts into words. */
  async look(signal: AbortSignal): Promise<Look> {
    const known = {
      revisions: this.#revisions.now,
      ...(this.#rejectedHere === undefined ? {} : { rejectedHere: this.#rejectedHere }),
    };
    const found = await look(known, this.#parts, signal);
    this.#observed = found.tip;
    await this.#parts.conditions.say(...fetchedWords(found.tip));
    return found;
  }

  /** The tip is what is trusted: whatever was refused before is gone from the branch. */
  async isTrusted(tip: string): Promise<Looked> {
    if (this.#revisions.now.rejected !== undefined)
      await this.#revisions.save({ rejected: null, attempted: tip });
    this.forgetRejection();
    await this.#parts.conditions.say(...idleWords(tip, this.#revisions.now, this.#stalls));
    return NOTHING_NEW;
  }

  /** The tip was not accepted: it changes nothing. */
  async reject(found: Look & { readonly kind: 'rejected' }): Promise<Looked> {
    const { tip: revision, fault, problems, commit, signers } = found;
    const { emit, store, conditions, clock } = this.#parts;
    const isNews =
      this.#rejectedHere?.revision !== revision || this.#revisions.now.rejected?.message !== fault.message;
    this.#rejectedHere = { revision, signers };
    if (isNews) {
      const { message } = fault;
      const about = { revision, message, problems, fault, ...(commit === undefined ? {} : { commit }) };
      await this.#revisions.save({ attempted: revision, rejected: about });
      emit({ kind: 'revision.rejected', revision, fault, problems });
      await store.addPass(refusedPass(revision, fault, isoSeconds(clock.now())));
    }
    await conditions.say(...rejectedWords(revision, fault));
    return { next: AS_ALWAYS, passed: false, isNews };
  }

  /** Makes the next look take the tip through every check again. */
  forgetRejection(): void {
    this.#rejectedHere = undefined;
  }

  /** Finds out what is to be said of the signatures now, and says it. */
  async sayVerified(signal: AbortSignal): Promise<void> {
    const known = this.#revisions.now.verification;
    const verification = await standingOf(this.#revisions.now, this.#parts, signal);
    if (verification !== known) await this.#revisions.save({ verification: verification ?? null });
    const isAsked = this.#parts.verifier !== undefined;
    await this.#parts.conditions.say(isAsked ? sourceWord(this.#revisions.now) : NOT_ASKED);
  }

  /** Everything about a look went well: what waited for a person before does so no more. */
  async wentWell(): Promise<void> {
    if (this.#stalls === undefined) return;
    this.#stalls = undefined;
    const known = this.#revisions.now;
    if (known.rejected === undefined) await this.#parts.conditions.say(stalledWord(known));
  }

  /** A look that came to nothing. */
  async failed(error: unknown): Promise<Looked> {
    const fault = faultOf(error);
    this.#parts.emit({ kind: 'look.failed', fault });
    const words =
      fault.reason === 'SignersUnusable'
        ? signersUnusableWords(fault)
        : fetchFailedWords(fault, { stalls: error instanceof Stalled, revisions: this.#revisions.now });
    this.#stalls = words.find(({ type, reason }) => type === 'Stalled' && reason === fault.reason);
    await this.#parts.conditions.say(...words);
    return { next: nextLookAfter(error), passed: false, isNews: false };
  }
}
