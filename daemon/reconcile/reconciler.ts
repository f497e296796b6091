import type { HostState } from '../../state-schema/host-state.ts';
import { isoSeconds } from '../clock.ts';
import { faultOf } from '../errors.ts';
import { desire } from '../resources/desire.ts';
import type { Desired } from '../resources/desired.ts';
import { suspendedWord } from '../status/suspended-word.ts';
import type { InventoryItem, Revisions } from '../store/store.ts';
import type { Suspended } from '../suspension.ts';
import { appliedWords, idleWords, readyWord } from './condition-words.ts';
import { KnownRevisions } from './known-revisions.ts';
import { readRevision, type Look } from './look.ts';
import { SourceWatch } from './source-watch.ts';
import { findOwners } from './find-owners.ts';
import { nextLookAfter } from './next-look.ts';
import { AS_ALWAYS, NOTHING_NEW, type Looked, type Round } from './round.ts';
import type { InForce, ReconcilerParts } from './reconciler-parts.ts';
import { endedPass } from './pass-record.ts';
import { reportResources } from './report-resources.ts';
import { applyPass, preparePass, type PassOutcome, type PreparedPass } from './run-pass.ts';
import { suspendedRound } from './suspended-round.ts';
import { loadTrustedState, saveTrustedState } from './trusted-state.ts';

/** From remote to host, one round at a time. Owns what is in force, and is the only one who moves revisions on. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #revisions: KnownRevisions;
  readonly #source: SourceWatch;
  #inForce: InForce | undefined;
  /** What was in force before the daemon ended and could not be brought back yet. */
  #kept: { readonly revision: string; readonly state: HostState } | undefined;
  #lastPass: PassOutcome | undefined;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#revisions = new KnownRevisions(parts.store);
    this.#source = new SourceWatch(parts, this.#revisions);
  }

  get revisions(): Revisions {
    return this.#revisions.now;
  }

  get inForce(): InForce | undefined {
    return this.#inForce;
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
    const { trustedStateFile, version } = this.#parts;
    await this.#revisions.load();
    const revision = this.#revisions.now.trusted;
    if (revision === undefined) return;
    const kept = await loadTrustedState(trustedStateFile, { version, revision });
    const state = kept ?? (await this.#readAgain(revision, signal));
    if (state === undefined) return;
    this.#kept = { revision, state };
    // What fails now, for example a user database that is not up yet at boot, is tried again by every pass.
    await this.#bringBack().catch(() => undefined);
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
      readyWord(this.#inForce?.revision, (type) => conditions.get(type)),
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

  async #standStill(
    suspended: Suspended,
    about: { readonly looks: boolean; readonly signal: AbortSignal },
  ): Promise<Round> {
    await this.#bringBack().catch(() => undefined);
    const known = { suspended, inForce: this.#inForce, revisions: this.#revisions.now };
    const { next, tip, outcome } = await suspendedRound({ ...known, ...about }, this.#parts);
    this.#source.saw(tip);
    this.#lastPass = outcome ?? this.#lastPass;
    return { next, isNews: false };
  }

  async #bringBack(): Promise<void> {
    const kept = this.#kept;
    if (kept === undefined || this.#inForce !== undefined) return;
    await this.#enforce(kept.revision, kept.state);
    this.#parts.declare(kept.state);
    this.#kept = undefined;
  }

  async #readAgain(revision: string, signal: AbortSignal): Promise<HostState | undefined> {
    try {
      const read = await readRevision(revision, this.#parts, signal);
      return read.kind === 'accepted' ? read.state : undefined;
    } catch {
      return undefined; // the mirror lost it: the first look fetches it anew
    }
  }

  async #enforce(revision: string, state: HostState): Promise<Desired> {
    const { root, setsOwners, files, guards } = this.#parts;
    const desired = desire(state, {
      root,
      owners: await findOwners(state, { setsOwners, path: guards.path }),
    });
    await files.ask({ kind: 'declare', wants: desired.files });
    this.#inForce = { revision, state, desired };
    return desired;
  }

  async #lookAndTrust(signal: AbortSignal): Promise<Looked> {
    try {
      const found = await this.#source.look(signal);
      // A person may have suspended the host while the remote took its time.
      if (this.#parts.suspension.current !== undefined) return NOTHING_NEW;
      const looked = await this.#follow(found, signal);
      await this.#source.sayVerified(signal);
      return looked;
    } catch (error) {
      return signal.aborted ? NOTHING_NEW : this.#source.failed(error);
    }
  }

  async #follow(found: Look, signal: AbortSignal): Promise<Looked> {
    if (found.kind === 'rejected') return this.#source.reject(found);
    if (found.kind === 'accepted') return this.#trust(found);
    return this.#inForce === undefined
      ? this.#trustAgain(found.tip, signal)
      : this.#source.isTrusted(found.tip);
  }

  /** The trusted revision is what the remote has, but what it says was lost here. */
  async #trustAgain(revision: string, signal: AbortSignal): Promise<Looked> {
    const trusted = this.#revisions.now.trusted;
    await this.#parts.repo.fetch({ ...(trusted === undefined ? {} : { trusted }), signal });
    const read = await readRevision(revision, this.#parts, signal);
    if (read.kind === 'rejected') return this.#source.reject(read);
    if (read.kind === 'unchanged') return NOTHING_NEW;
    const { verification } = this.#revisions.now;
    return this.#trust({ ...read, ...(verification === undefined ? {} : { verification }) });
  }

  /** Everything was checked and a plan exists: from here on this revision is the base for the next. */
  async #trust(found: Look & { readonly kind: 'accepted' }): Promise<Looked> {
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
    const before = this.#inForce;
    const desired = await this.#enforce(revision, state);
    let prepared: PreparedPass;
    try {
      // Whatever kept changing something may be gone with what the last revision said.
      await this.#parts.flaps.forget();
      prepared = await preparePass(state, desired, this.#parts);
    } catch (error) {
      // No plan, no trust: what was in force stays in force.
      this.#inForce = before;
      if (before !== undefined) await this.#enforce(before.revision, before.state);
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
    });
    await repo.trust(revision);
    this.#source.forgetRejection();
    emit({ kind: 'revision.trusted', revision });
    await this.#finish(prepared, { startedAt, revision, isNew: true });
    return { next: AS_ALWAYS, passed: true, isNews: true };
  }

  async #passAgain(signal: AbortSignal): Promise<Looked> {
    if (signal.aborted || this.#parts.suspension.current !== undefined) return NOTHING_NEW;
    const startedAt = isoSeconds(this.#parts.clock.now());
    try {
      await this.#bringBack();
      const current = await this.#withKnownOwners();
      if (current === undefined) return NOTHING_NEW;
      const { revision, state, desired } = current;
      const prepared = await preparePass(state, desired, this.#parts);
      const isNew = this.#revisions.now.applied !== revision;
      const isNews = await this.#finish(prepared, { startedAt, revision, isNew });
      return { next: AS_ALWAYS, passed: true, isNews };
    } catch (error) {
      const { reason, message } = faultOf(error);
      const observedRevision = this.#inForce?.revision ?? this.#kept?.revision;
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

  /** What is in force; owners nobody knew are looked up again, for a person may have made them since. */
  async #withKnownOwners(): Promise<InForce | undefined> {
    const current = this.#inForce;
    if (current?.desired.resources.some((resource) => resource.impossible !== undefined) !== true)
      return current;
    await this.#enforce(current.revision, current.state);
    return this.#inForce;
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
      ...appliedWords(about.revision, outcome),
      ...idleWords(about.revision, this.#revisions.now),
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
