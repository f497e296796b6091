import { createHash } from 'node:crypto';
import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { backoffMs } from '../backoff.ts';
import { isoSeconds, type Clock } from '../clock.ts';
import { faultText } from '../fault-text.ts';
import { faultOf } from '../errors.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Emit } from '../events.ts';
import type { StatusBranch } from '../git/status-branch.ts';
import type { Store } from '../store/store.ts';
import { WakeUp } from '../wake-up.ts';
import { asPublished, publishedWord } from './as-published.ts';
import { exportAudit } from './audit-export.ts';
import { auditHead } from './audit-head.ts';
import { branchFiles } from './branch-files.ts';
import type { Conditions } from './conditions.ts';
import { meaning } from './meaning.ts';
import { earn, fullBudget, spend, waitFor, type PublishBudget } from './publish-budget.ts';

/** At least one commit in this time says that the daemon lives. Milliseconds. */
const HEARTBEAT_MS = 24 * 60 * 60_000;
const PUBLISH_TIMEOUT_MS = 120_000;
/** After a failure, nothing but the urgent cuts the wait shorter than this. Milliseconds. */
const REST_MS = 30_000;
/** How long the last commit may take when the daemon ends. Milliseconds. */
const LAST_WORD_MS = 5_000;

/** What publishing needs. */
export interface PublisherParts {
  readonly branch: StatusBranch;
  readonly store: Pick<Store, 'fact' | 'saveFact'>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly conditions: Conditions;
  readonly compose: () => Promise<{ readonly status: Status; readonly history: History }>;
  readonly page: ReadonlyMap<string, Uint8Array>;
  /** Given: its lines go along with every commit. */
  readonly audit?: AuditLog;
  /** Given: paths and names stay off the branch; the key, kept on this host, makes their stand-ins. */
  readonly redactKey?: string;
}

/**
 * Keeps the status branch up to date: a commit only when the meaning changed, within a budget, and again and again
 * while the remote is away. What it published last is remembered with the store, so a restart publishes nothing twice.
 */
export class StatusPublisher {
  readonly #parts: PublisherParts;
  readonly #wakeUp = new WakeUp<'look' | 'urgent'>();
  #budget: PublishBudget;
  #failures = 0;
  #urgent = false;
  /** Monotonic time before which only something urgent tries again. */
  #restsUntil = 0;
  /** The last commit that reached the remote, as far as this process knows. */
  #published: string | undefined;
  /** Where a look saw the branch since. */
  #seen: { readonly tip: string | undefined } | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#budget = fullBudget(parts.clock.now().getTime());
  }

  /** Says that the status may mean something new. `urgent`: a new revision or a failure, which the budget never holds back. */
  note(urgency: 'soon' | 'urgent'): void {
    if (urgency === 'urgent') this.#urgent = true;
    // Failing is itself news that is noted here: without a rest it would try again at once, for ever.
    else if (this.#parts.clock.monotonic() < this.#restsUntil) return;
    this.#wakeUp.call(urgency === 'urgent' ? 'urgent' : 'look');
  }

  /** Takes note of where the remote says the branch is; what somebody else moved or removed is put right. */
  seen(tip: string | undefined): void {
    this.#seen = { tip };
    // While publishing fails it is tried again anyway, at its own pace.
    if (this.#failures === 0 && tip !== this.#published) this.#wakeUp.call('look');
  }

  /** Publishes until the signal aborts, then once more if there is something to say and the remote is there. */
  async run(signal: AbortSignal): Promise<void> {
    let wait = 0;
    while (!signal.aborted) {
      await this.#wakeUp.wait(wait, signal);
      if (!signal.aborted) wait = await this.#tryStep(signal);
    }
    if (this.#failures === 0) await this.#tryStep(AbortSignal.timeout(LAST_WORD_MS));
  }

  /** Nothing that goes wrong here, not even a full disk under the store, ends the loop. */
  async #tryStep(signal: AbortSignal): Promise<number> {
    // Taken before looking: what becomes urgent meanwhile is not yet in what is composed now.
    const isUrgent = this.#urgent;
    this.#urgent = false;
    try {
      return await this.#step(isUrgent, signal);
    } catch (error) {
      this.#urgent ||= isUrgent;
      return signal.aborted ? 0 : this.#failed(error);
    }
  }

  /** One look; returns how long to wait for the next. */
  async #step(isUrgent: boolean, signal: AbortSignal): Promise<number> {
    const { clock, compose, redactKey } = this.#parts;
    const now = clock.now();
    const composed = await compose();
    const { history } = composed;
    const status = asPublished(composed.status, isoSeconds(now));
    // Also whether names are kept off the branch: who turns that on wants them gone now.
    const digest = createHash('sha256')
      .update(`${redactKey === undefined ? 'open' : 'redacted'} ${meaning(status, history)}`)
      .digest('hex');
    const due = await this.#dueIn(digest, { now, signal });
    if (due > 0) return due;
    this.#budget = earn(this.#budget, now.getTime());
    const wait = isUrgent ? 0 : waitFor(this.#budget, now.getTime());
    if (wait > 0) return wait;
    return this.#publish({ status, history, digest, now }, signal);
  }

  /** Milliseconds until there is something to publish: 0 when the meaning or the branch changed, or a day has passed. */
  async #dueIn(
    digest: string,
    { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
  ): Promise<number> {
    const published = await this.#parts.store.fact('status.meaning');
    if (published !== digest || (await this.#isMoved(signal))) return 0;
    const at = Date.parse((await this.#parts.store.fact('status.publishedAt')) ?? '');
    if (Number.isNaN(at) || at > now.getTime()) return 0;
    return Math.max(0, at + HEARTBEAT_MS - now.getTime());
  }

  /** Whether the branch is not where we left it. A look may have been overtaken by a push: only a fresh answer counts. */
  async #isMoved(signal: AbortSignal): Promise<boolean> {
    const { store, branch } = this.#parts;
    this.#published = await store.fact('status.commit');
    const seen = this.#seen;
    this.#seen = undefined;
    if (seen === undefined || this.#published === undefined || seen.tip === this.#published) return false;
    return (await branch.tip(signal)) !== this.#published;
  }

  async #publish(
    what: { readonly status: Status; readonly history: History; readonly digest: string; readonly now: Date },
    signal: AbortSignal,
  ): Promise<number> {
    const { branch, store, conditions, emit, page, redactKey } = this.#parts;
    const audit = this.#parts.audit === undefined ? undefined : await exportAudit(this.#parts.audit, store);
    const status = { ...what.status, ...auditHead(audit?.head) };
    const { history } = what;
    const result = await branch.publish({
      ...branchFiles({ status, history, page, audit, ...(redactKey === undefined ? {} : { redactKey }) }),
      time: what.now,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PUBLISH_TIMEOUT_MS)]),
    });
    await store.saveFact('status.commit', result.commit);
    await audit?.published(result.commit);
    await store.saveFact('status.publishedAt', isoSeconds(what.now));
    await store.saveFact('status.meaning', what.digest);
    this.#budget = spend(this.#budget);
    this.#failures = 0;
    this.#published = result.commit;
    this.#restsUntil = 0;
    await conditions.say(publishedWord(status.host));
    if (result.kind === 'published') emit({ kind: 'status.published', commit: result.commit });
    return 0;
  }

  async #failed(error: unknown): Promise<number> {
    const { conditions, emit, clock } = this.#parts;
    this.#failures++;
    const fault = faultOf(error);
    const wait = backoffMs(this.#failures, Math.random());
    this.#restsUntil = clock.monotonic() + Math.min(wait, REST_MS);
    emit({ kind: 'status.failed', fault, retryAt: isoSeconds(new Date(clock.now().getTime() + wait)) });
    await conditions
      .say({ type: 'StatusPublished', status: 'False', reason: fault.reason, message: faultText(fault) })
      .catch((cause: unknown) => emit({ kind: 'status.failed', fault: faultOf(cause) }));
    return wait;
  }
}
