import { isoSeconds } from '../clock.ts';
import { faultOf } from '../errors.ts';
import { suspendedWord } from '../status/suspended-word.ts';
import type { InventoryItem, Revisions } from '../store/store.ts';
import type { Suspended } from '../suspension.ts';
import { appliedWords, idleWords, readyWord } from './condition-words.ts';
import { beginTrial, enforcedRevision, judgePass, quarantineOf, release } from './rollback.ts';
import { quarantineFault } from './rollback-words.ts';
import { KnownRevisions } from './known-revisions.ts';
import { readRevision, type Look } from './look.ts';
import { SourceWatch } from './source-watch.ts';
import { Enforcement } from './enforcement.ts';
import { nextLookAfter } from './next-look.ts';
import { AS_ALWAYS, NOTHING_NEW, type Looked, type Round } from './round.ts';
import type { InForce, ReconcilerParts } from './reconciler-parts.ts';
import { endedPass } from './pass-record.ts';
import { reportResources } from './report-resources.ts';
import { applyPass, preparePass, type PassOutcome, type PreparedPass } from './run-pass.ts';
import { suspendedRound } from './suspended-round.ts';
import { saveTrustedState } from './trusted-state.ts';

/** From remote to host, one round at a time. Owns what is in force, and is the only one who moves revisions on. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #revisions: KnownRevisions;
  readonly #source: SourceWatch;
  readonly #enforcement: Enforcement;
  #lastPass: PassOutcome | undefined;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#revisions = new KnownRevisions(parts.store);
    this.#enforcement = new Enforcement(parts);
    this.#source = new SourceWatch(parts, this.#revisions);
  }

  get revisions(): Revisions {
    return this.#revisions.now;
  }

  get inForce(): InForce | undefined {
    return this.#enforcement.current;
  }

  /** Every managed resource, by id. */
  get inventory(): ReadonlyMap<string, InventoryItem> {
    return this.#parts.inventory.items;
  }

  get lastPass(): PassOutcome | undefined {
    return this.#lastPass;
  }

  /** The newest tip that the remote told of. */
  get observed(): string | undefined {
    return this.#source.observed;
  }

  /** Brings back what was in force before the daemon ended. */
  async resume(signal: AbortSignal): Promise<void> {
    await this.#revisions.load();
    // What fails now, for example a user database that is not up yet at boot, is tried again by every pass.
    await this.#enforcement.align(enforcedRevision(this.#revisions.now), signal).catch(() => undefined);
  }

  /** One round: look for a new revision, unless it is not time for that yet, then make the host match. Never throws. */
  async round(signal: AbortSignal, { looks }: { readonly looks: boolean }): Promise<Round> {
    const { suspension } = this.#parts;
    await suspension.forgetIfOver();
    const suspended = suspension.current;
    if (suspended !== undefined) return this.#standStill(suspended, { looks, signal });
    const looked = looks ? await this.#lookAndTrust(signal) : NOTHING_NEW;
    const passed = looked.passed ? looked : await this.#passAgain(signal);
    const { conditions } = this.#parts;
    await conditions.say(
      suspendedWord(undefined),
      readyWord(this.#enforcement.current?.revision, (type) => conditions.get(type)),
    );
    return {
      next: looked.next.kind === 'interval' ? passed.next : looked.next,
      isNews: looked.isNews || passed.isNews,
    };
  }

  /** A person says that a rewritten branch is right. Only exactly that commit is accepted, and only once. */
  async acceptRewrite(revision: string): Promise<void> {
    await this.#revisions.save({ acceptedRewrite: revision });
    this.#source.forgetRejection();
  }

  /** A person says that what is in quarantine may be tried again. Returns whether anything was. */
  async release(): Promise<boolean> {
    const change = release(this.#revisions.now, this.#failing());
    if (change === undefined) return false;
    await this.#revisions.save(change);
    this.#source.forgetRejection();
    return true;
  }

  async #standStill(
    suspended: Suspended,
    about: { readonly looks: boolean; readonly signal: AbortSignal },
  ): Promise<Round> {
    // Only to tell what is in force: the round of a suspended host changes nothing and must go on without it.
    await this.#enforcement.align(enforcedRevision(this.#revisions.now), about.signal).catch(() => undefined);
    const known = { suspended, inForce: this.#enforcement.current, revisions: this.#revisions.now };
    const { next, tip, outcome } = await suspendedRound({ ...known, ...about }, this.#parts);
    this.#source.saw(tip);
    this.#lastPass = outcome ?? this.#lastPass;
    return { next, isNews: false };
  }

  async #lookAndTrust(signal: AbortSignal): Promise<Looked> {
    try {
      const found = await this.#source.look(signal);
      // A person may have suspended the host while the remote took its time.
      if (this.#parts.suspension.current !== undefined) return NOTHING_NEW;
      const looked = await this.#follow(found, signal);
      await this.#source.sayVerified(signal);
      await this.#source.wentWell();
      return looked;
    } catch (error) {
      return signal.aborted ? NOTHING_NEW : this.#source.failed(error);
    }
  }

  async #follow(found: Look, signal: AbortSignal): Promise<Looked> {
    if (found.kind === 'rejected') return this.#source.reject(found);
    if (found.kind === 'accepted') return this.#trust(found, signal);
    return this.#enforcement.current === undefined
      ? this.#fetchAgain(found.tip, signal)
      : this.#source.isTrusted(found.tip);
  }

  /** The trusted revision is what the remote has, but what should be in force was lost here. */
  async #fetchAgain(tip: string, signal: AbortSignal): Promise<Looked> {
    const { trusted } = this.#revisions.now;
    await this.#parts.repo.fetch({ ...(trusted === undefined ? {} : { trusted }), signal });
    const read = await readRevision(enforcedRevision(this.#revisions.now) ?? tip, this.#parts, signal);
    if (read.kind === 'rejected') return this.#source.reject(read);
    if (read.kind === 'unchanged' || read.tip !== trusted) return this.#source.isTrusted(tip);
    const { verification } = this.#revisions.now;
    return this.#trust({ ...read, ...(verification === undefined ? {} : { verification }) }, signal);
  }

  /** Everything was checked and a plan exists: from here on this revision is the base for the next. */
  async #trust(found: Look & { readonly kind: 'accepted' }, signal: AbortSignal): Promise<Looked> {
    const { tip: revision, state, verification } = found;
    const { emit, trustedStateFile, version, repo } = this.#parts;
    const startedAt = isoSeconds(this.#parts.clock.now());
    await this.#parts.conditions.say({
      type: 'Reconciling',
      status: 'True',
      reason: 'Applying',
      message: revision.slice(0, 10),
      observedRevision: revision,
    });
    const before = this.#enforcement.current;
    const desired = await this.#enforcement.enforce(revision, state);
    let prepared: PreparedPass;
    try {
      // Whatever kept changing something may be gone with what the last revision said.
      await this.#parts.flaps.forget();
      prepared = await preparePass(state, desired, this.#parts);
    } catch (error) {
      // No plan, no trust: what was in force stays in force.
      await this.#enforcement.restore(before);
      throw error;
    }
    // Not before there is a plan: the policies' engine sets new schedules by itself, and none would be left to plan.
    this.#parts.declare(state);
    await saveTrustedState(trustedStateFile, version, { revision, state });
    await this.#revisions.save({
      trusted: revision,
      attempted: revision,
      rejected: null,
      acceptedRewrite: null,
      verification: verification ?? null,
      ...beginTrial(this.#revisions.now, revision, this.#failing()),
    });
    await repo.trust(revision);
    this.#source.forgetRejection();
    emit({ kind: 'revision.trusted', revision });
    await this.#finish(prepared, { startedAt, revision, isNew: true });
    await this.#judge(signal);
    return { next: AS_ALWAYS, passed: true, isNews: true };
  }

  async #passAgain(signal: AbortSignal): Promise<Looked> {
    if (signal.aborted || this.#parts.suspension.current !== undefined) return NOTHING_NEW;
    const startedAt = isoSeconds(this.#parts.clock.now());
    try {
      await this.#enforcement.align(enforcedRevision(this.#revisions.now), signal);
      const current = await this.#enforcement.withKnownOwners();
      if (current === undefined) return NOTHING_NEW;
      const { revision, state, desired } = current;
      const prepared = await preparePass(state, desired, this.#parts);
      const isNew = this.#revisions.now.applied !== revision;
      const isNews = await this.#finish(prepared, { startedAt, revision, isNew });
      await this.#judge(signal);
      return { next: AS_ALWAYS, passed: true, isNews };
    } catch (error) {
      const { reason, message } = faultOf(error);
      const observedRevision = this.#enforcement.current?.revision ?? enforcedRevision(this.#revisions.now);
      await this.#parts.conditions.say({
        type: 'Applied',
        status: 'False',
        reason,
        message,
        observedRevision,
      });
      return { next: nextLookAfter(error), passed: false, isNews: true };
    }
  }

  /** Whether the revision of the pass that has just ended is good, and if not what is in force instead. */
  async #judge(signal: AbortSignal): Promise<void> {
    const { clock, goodStateFile, version, emit, inventory } = this.#parts;
    const current = this.#enforcement.current;
    if (current === undefined) return;
    const { revision, state, desired } = current;
    const failed = desired.resources.flatMap(({ id }) => inventory.items.get(id) ?? []);
    const { kind, change } = judgePass(this.#revisions.now, {
      revision,
      failed: failed.filter((item) => item.state === 'failed'),
      rollback: state.host.rollback === true,
      now: isoSeconds(clock.now()),
    });
    if (change === undefined) return;
    const { lastGood } = this.#revisions.now;
    // What it said may be gone, with the files here and the mirror: then there is nothing to go back to.
    if (
      kind === 'roll-back' &&
      lastGood !== undefined &&
      (await this.#enforcement.stateOf(lastGood, signal)) === undefined
    )
      return;
    if (kind === 'good') await saveTrustedState(goodStateFile, version, { revision, state });
    await this.#revisions.save(change);
    const entry = quarantineOf(this.#revisions.now);
    if (kind === 'roll-back' && entry !== undefined && lastGood !== undefined)
      emit({ kind: 'revision.quarantined', revision, fault: quarantineFault(entry, lastGood) });
    if (kind === 'roll-back' || kind === 'take-again') await this.#passAgain(signal);
  }

  /** Ids of the resources that are failed now. */
  #failing(): readonly string[] {
    return [...this.#parts.inventory.items.values()]
      .filter(({ state }) => state === 'failed')
      .map(({ id }) => id);
  }

  async #finish(
    prepared: PreparedPass,
    about: { readonly startedAt: string; readonly revision: string; readonly isNew: boolean },
  ): Promise<boolean> {
    const { emit, store, clock, conditions, inventory } = this.#parts;
    const quiet = prepared.plan.changes.length === 0 && !about.isNew;
    if (!quiet) emit({ kind: 'pass.started', revision: about.revision });
    const before = new Map(inventory.items);
    const outcome = await applyPass(prepared, this.#parts);
    this.#lastPass = outcome;
    const { settled } = outcome;
    reportResources(settled, before, emit);
    if (this.#revisions.now.applied !== about.revision)
      await this.#revisions.save({ applied: about.revision });
    await conditions.say(
      ...appliedWords(about.revision, outcome, this.#revisions.now),
      ...idleWords(about.revision, this.#revisions.now, this.#source.stalls),
    );
    const news =
      about.isNew || settled.put.some((item) => item.state !== 'in-sync' && item.state !== 'simulated');
    if (quiet && !news) return false;
    const pass = endedPass(settled, { ...about, endedAt: isoSeconds(clock.now()) });
    await store.addPass(pass, settled.deeds);
    emit({ kind: 'pass.ended', pass });
    return true;
  }
}
