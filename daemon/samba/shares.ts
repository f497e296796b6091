import type { Clock } from '../clock.ts';
import { isFault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { InTurn } from '../in-turn.ts';
import { applyShares } from './apply-shares.ts';
import { namesOf } from './compose-config.ts';
import { findSamba, type FoundSamba } from './find-samba.ts';
import { writeGuardFiles } from './guard-files.ts';
import { observeShares } from './observe-shares.ts';
import { removeShares } from './remove-shares.ts';
import type { SambaPlace } from './samba-place.ts';
import type { ShareQuestion, ShareTrouble, ShareTroubles, ShareView } from './share-view.ts';
import { closeShare } from './smbd-control.ts';

/** What failed is tried again after this although nothing changed: a reload for nothing disturbs who is connected. */
const RETRY_AFTER_MS = 10 * 60 * 1000;
/** How long the version of Samba is believed. It changes when a person upgrades it. */
const BELIEVE_MS = 60 * 1000;

interface Refused {
  readonly key: string;
  /** Anchord's file as it was left. */
  readonly own: string | undefined;
  readonly troubles: ShareTroubles;
  readonly untilMs: number;
}

/** Samba on one host: looks at what it serves and makes it serve what is wanted. Remembers what failed just now. */
export class Shares {
  readonly #place: SambaPlace;
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** A plan that a person asks for must not use the staged files of a pass. */
  readonly #turn = new InTurn();
  #refused: Refused | undefined;
  #samba: { readonly found: FoundSamba; readonly untilMs: number } | undefined;

  constructor(place: SambaPlace, clock: Pick<Clock, 'monotonic'>) {
    this.#place = place;
    this.#clock = clock;
  }

  /** Looks at the configuration as it is. Changes nothing that Samba reads. */
  observe(question: ShareQuestion): Promise<ShareView> {
    return this.#turn.run(async () => {
      try {
        return await this.#observe(question);
      } catch (error) {
        // What cannot be looked at is no reason to stop everything else.
        const trouble = troubleOf(error);
        const troubles = new Map(question.wants.map(({ id }) => [id, trouble]));
        return { ...question, findings: new Map(), troubles };
      }
    });
  }

  /**
   * Does what an observation asked for. `alsoDown`: shares whose directory could not be made meanwhile. Returns what could
   * not be done, by id.
   */
  apply(view: ShareView, alsoDown: ReadonlySet<string>): Promise<ShareTroubles> {
    return this.#turn.run(() => this.#apply(view, new Set([...view.down, ...alsoDown])));
  }

  async #observe(question: ShareQuestion): Promise<ShareView> {
    const view = await observeShares(question, () => this.#found(), this.#place);
    const refused = this.#refused;
    const isSame =
      refused !== undefined &&
      view.work?.kind === 'serve' &&
      view.work.key === refused.key &&
      view.work.live.own === refused.own &&
      this.#clock.monotonic() < refused.untilMs;
    if (!isSame) return view;
    const { work: _, ...rest } = view;
    const findings = new Map([...view.findings].filter(([id]) => !refused.troubles.has(id)));
    return { ...rest, findings, troubles: new Map([...view.troubles, ...refused.troubles]) };
  }

  async #apply(view: ShareView, down: ReadonlySet<string>): Promise<ShareTroubles> {
    try {
      if (view.wants.length > 0) await writeGuardFiles(view.marks, this.#place);
      if (view.work === undefined) {
        // Where nothing can be written, those who are connected to a disk that failed are still sent away.
        if (view.troubles.size > 0) await this.#close(down);
        return new Map();
      }
      if (view.work.kind === 'remove') {
        await removeShares(view.work, this.#place);
        return new Map();
      }
      const troubles = await applyShares(view.work, down, this.#place);
      await this.#remember(view, troubles);
      return troubles;
    } catch (error) {
      // Whatever could not be written: who is connected to a disk that failed must not stay so.
      await this.#close(down);
      const trouble = troubleOf(error);
      return new Map(view.wants.map(({ id }) => [id, trouble]));
    }
  }

  async #close(down: ReadonlySet<string>): Promise<void> {
    if (!this.#place.serves) return;
    for (const name of namesOf(down)) await closeShare(name, this.#place);
  }

  async #remember(view: ShareView, troubles: ShareTroubles): Promise<void> {
    this.#refused = undefined;
    if (troubles.size === 0 || view.work?.kind !== 'serve') return;
    const untilMs = this.#clock.monotonic() + RETRY_AFTER_MS;
    const after = await observeShares(view, () => this.#found(), this.#place);
    if (after.work?.kind !== 'serve') return;
    this.#refused = { key: after.work.key, own: after.work.live.own, troubles, untilMs };
  }

  async #found(): Promise<FoundSamba> {
    const now = this.#clock.monotonic();
    if (this.#samba?.found.kind === 'found' && now < this.#samba.untilMs) return this.#samba.found;
    const found = await findSamba(this.#place);
    this.#samba = { found, untilMs: now + BELIEVE_MS };
    return found;
  }
}

function troubleOf(error: unknown): ShareTrouble {
  if (isFault(error)) return { state: 'failed', reason: error.reason, message: faultText(error) };
  const { code = 'EIO', path = '' } = error as NodeJS.ErrnoException;
  const what = `Samba's configuration could not be read or written: ${path} (${code})`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { state: 'failed', reason: 'NoSpace', message: faultText({ message: what, next: 'make room' }) };
    case 'EACCES':
    case 'EPERM':
      return { state: 'failed', reason: 'NotPermitted', message: faultText({ message: what }) };
    case 'EROFS':
      return { state: 'failed', reason: 'ReadOnly', message: faultText({ message: what }) };
    default:
      return { state: 'failed', reason: 'InputOutputError', message: faultText({ message: what }) };
  }
}
