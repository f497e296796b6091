import type { NotificationStatus } from '../../state-schema/generated/status.ts';
import { backoffMs } from '../backoff.ts';
import { isoSeconds, type Clock } from '../clock.ts';
import { faultOf, type Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import { faultText } from '../fault-text.ts';
import type { Store } from '../store/store.ts';
import type { Delivery } from './judge-answer.ts';

/** After a jump of the clock nobody waits longer than this for the next attempt. Milliseconds. */
const MOST_WAIT_MS = 6 * 60 * 60_000;

/** What is remembered of a target. Kept as the store's fact `notify.target.TARGET`. Times are UTC, ISO 8601. */
export interface TargetState {
  readonly state: 'untried' | 'delivered' | 'failing';
  /** When it came into this state. */
  readonly since?: string;
  readonly fault?: Fault;
  /** Attempts that failed one after another. */
  readonly failures: number;
  /** Not before this time is it tried again. */
  readonly retryAt?: string;
  /** Of policies that a check watches by their runs: the run that was last told, by policy. */
  readonly pinged?: Readonly<Record<string, string>>;
}

const UNTRIED: TargetState = { state: 'untried', failures: 0 };

/** What remembering needs. */
export interface TargetStatesParts {
  readonly store: Pick<Store, 'fact' | 'settleMessage'>;
  readonly clock: Clock;
  readonly emit: Emit;
  /** In [0, 1). */
  readonly random: () => number;
}

/** How each target took what was last sent to it. Survives restarts, so that a server's "not before" does too. */
export class TargetStates {
  readonly #parts: TargetStatesParts;
  readonly #states = new Map<string, TargetState>();

  constructor(parts: TargetStatesParts) {
    this.#parts = parts;
  }

  /** Reads what was remembered of the targets that are not known yet. */
  async load(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (this.#states.has(id)) continue;
      this.#states.set(id, parseState(await this.#parts.store.fact(`notify.target.${id}`)));
    }
  }

  get(id: string): TargetState {
    return this.#states.get(id) ?? UNTRIED;
  }

  /** How long a target is left alone. Milliseconds; 0 when it can be tried now. */
  waitMs(id: string): number {
    const { retryAt } = this.get(id);
    if (retryAt === undefined) return 0;
    const ms = Date.parse(retryAt) - this.#parts.clock.now().getTime();
    return Math.min(Math.max(ms, 0), MOST_WAIT_MS);
  }

  /** Lets every target be tried now. */
  retryNow(): void {
    for (const [id, state] of this.#states) {
      const { retryAt: _, ...rest } = state;
      this.#states.set(id, rest);
    }
  }

  /**
   * Remembers what came of an attempt. `seq`: the message that is over with it, taken out of the outbox in the same step.
   * `pinged`: the runs that were told with it. Nothing is written when nothing is new. Rejects when it cannot be kept;
   * it is known here all the same.
   */
  async record(
    id: string,
    delivery: Delivery,
    done: { readonly seq?: number | undefined; readonly pinged?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    const before = this.get(id);
    const { seq, pinged } = done;
    const after = this.#after(before, delivery);
    const state = pinged === undefined ? after : { ...after, pinged: { ...after.pinged, ...pinged } };
    this.#states.set(id, state);
    if (seq === undefined && JSON.stringify(state) === JSON.stringify(before)) return;
    await this.#parts.store.settleMessage(seq ?? null, id, JSON.stringify(state));
  }

  /** For the status, in the order of the given ids. */
  statuses(ids: readonly string[]): NotificationStatus[] {
    return ids.map((id) => {
      const { state, since, fault } = this.get(id);
      return {
        to: id,
        state,
        ...(fault === undefined ? {} : { reason: fault.reason, message: faultText(fault) }),
        ...(since === undefined ? {} : { since }),
      };
    });
  }

  #after(before: TargetState, delivery: Delivery): TargetState {
    const { clock, random } = this.#parts;
    const { pinged } = before;
    const kept = pinged === undefined ? {} : { pinged };
    const now = isoSeconds(clock.now());
    if (delivery.kind === 'delivered') {
      const since = before.state === 'delivered' ? (before.since ?? now) : now;
      return { state: 'delivered', since, failures: 0, ...kept };
    }
    const failures = before.failures + 1;
    const waitMs = delivery.kind === 'never' ? 0 : (delivery.notBeforeMs ?? 0);
    const retryAt = new Date(clock.now().getTime() + Math.max(waitMs, backoffMs(failures, random())));
    return {
      state: 'failing',
      since: before.state === 'failing' ? (before.since ?? now) : now,
      fault: delivery.fault,
      failures,
      ...(delivery.kind === 'never' ? {} : { retryAt: retryAt.toISOString() }),
      ...kept,
    };
  }

  /** Tells that a target's state cannot be kept. */
  tellUnkept(error: unknown): void {
    this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
  }
}

/** What this class wrote, or nothing. */
function parseState(text: string | undefined): TargetState {
  if (text === undefined) return UNTRIED;
  try {
    const value = JSON.parse(text) as Partial<TargetState> | null;
    return typeof value?.state === 'string' && typeof value.failures === 'number'
      ? (value as TargetState)
      : UNTRIED;
  } catch {
    return UNTRIED;
  }
}
