import type { Clock } from '../clock.ts';
import { faultOf, type Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { OutgoingMessage, Store, WaitingMessage } from '../store/store.ts';
import { bringMessage, type CourierParts } from './courier.ts';
import type { Delivery } from './judge-answer.ts';
import type { Message } from './message.ts';
import type { Target } from './target.ts';
import type { TargetStates } from './target-states.ts';

/** News that is older helps nobody any more; the page shows how things are. Milliseconds. */
const EXPIRES_MS = 72 * 60 * 60_000;
/** A target that waits is looked at again after this at the latest, whatever timers do. Milliseconds. */
const MOST_TIMER_MS = 60_000;

/** What delivering needs. */
export interface OutboxParts extends CourierParts {
  readonly store: Pick<Store, 'outbox' | 'settleMessage'>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly states: TargetStates;
  /** Why nothing may be dropped by its age now; undefined when it may. */
  readonly clockFault: () => Promise<Fault | undefined>;
}

/**
 * Brings the messages in the store to their targets: each target its own, in order, one at a time. A target that is dead
 * holds up nobody else. A message stays in the store until it has arrived, so it may arrive twice, with the same id, and is
 * never lost.
 */
export class Outbox implements AsyncDisposable {
  readonly #parts: OutboxParts;
  readonly #working = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Delivered, but the store could not be told: they must not be sent again. */
  readonly #delivered = new Set<number>();
  /** What the store would not take: delivered from memory. Numbers below zero. */
  #held: readonly WaitingMessage[] = [];
  /** Woken while they were at work: what came meanwhile may have been overlooked. */
  readonly #again = new Set<string>();
  #targets: readonly Target[] = [];
  #nextHeld = -1;
  #ending = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Delivers what waits, for these targets from now on. Returns at once. */
  wake(targets: readonly Target[] = this.#targets): void {
    this.#targets = targets;
    for (const target of targets) this.#begin(target);
  }

  /** Delivers messages that the store would not take, for as long as this process lives. */
  hold(messages: readonly OutgoingMessage[]): void {
    this.#held = [...this.#held, ...messages.map((message) => ({ ...message, seq: this.#nextHeld-- }))];
  }

  /** Gives back what is held and not delivered, because the store may take it now. */
  takeHeld(): readonly OutgoingMessage[] {
    const held = this.#held.filter(({ target }) => !this.#working.has(target));
    this.#held = this.#held.filter(({ target }) => this.#working.has(target));
    return held.map(({ target, body }) => ({ target, body }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#working.values());
  }

  #begin(target: Target): void {
    const { id } = target;
    if (this.#ending) return;
    if (this.#working.has(id)) {
      this.#again.add(id);
      return;
    }
    clearTimeout(this.#timers.get(id));
    const work = this.#deliver(target)
      .catch((error: unknown) => {
        this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
        this.#later(target, MOST_TIMER_MS);
      })
      .finally(() => {
        this.#working.delete(id);
        if (this.#again.delete(id)) this.#begin(target);
      });
    this.#working.set(id, work);
  }

  async #deliver(target: Target): Promise<void> {
    const { states } = this.#parts;
    for (let next = await this.#next(target); next !== undefined; next = await this.#next(target)) {
      const waitMs = states.waitMs(target.id);
      if (this.#ending || waitMs > 0) return this.#later(target, waitMs);
      await this.#settle(target, next, await this.#attempt(target, next));
    }
  }

  async #next({ id }: Target): Promise<WaitingMessage | undefined> {
    const waiting = [...(await this.#parts.store.outbox()), ...this.#held];
    for (const { seq } of waiting.filter((one) => one.target === id && this.#delivered.has(one.seq))) {
      // On a disk that is full still this throws, and the whole is tried again in a minute.
      await this.#parts.states.record(id, { kind: 'delivered' }, { seq });
      this.#delivered.delete(seq);
    }
    return waiting.find(({ target, seq }) => target === id && !this.#delivered.has(seq));
  }

  async #attempt(target: Target, { body }: WaitingMessage): Promise<Delivery | 'expired'> {
    const message = JSON.parse(body) as Message;
    const age = this.#parts.clock.now().getTime() - Date.parse(message.at);
    if (age > EXPIRES_MS && (await this.#parts.clockFault()) === undefined) return 'expired';
    return await bringMessage(target, message, this.#parts);
  }

  async #settle(target: Target, { seq, body }: WaitingMessage, outcome: Delivery | 'expired'): Promise<void> {
    const { states, emit } = this.#parts;
    const delivery = outcome === 'expired' ? expired(target) : outcome;
    const isOver = delivery.kind !== 'later';
    if (isOver) {
      this.#held = this.#held.filter((one) => one.seq !== seq);
      if (seq >= 0) this.#delivered.add(seq);
    }
    // A shutdown is no failure of the target.
    if (delivery.kind === 'later' && this.#ending) return;
    await states.record(target.id, delivery, { seq: isOver && seq >= 0 ? seq : undefined });
    this.#delivered.delete(seq);
    if (delivery.kind === 'delivered') {
      const { id } = JSON.parse(body) as Message;
      emit({ kind: 'notification.sent', to: target.id, id });
      return;
    }
    const { retryAt } = states.get(target.id);
    const fault = delivery.fault;
    emit({
      kind: 'notification.failed',
      to: target.id,
      fault,
      ...(retryAt === undefined ? {} : { retryAt }),
    });
  }

  #later(target: Target, waitMs: number): void {
    if (this.#ending) return;
    clearTimeout(this.#timers.get(target.id));
    const timer = setTimeout(() => this.wake(), Math.min(Math.max(waitMs, 1), MOST_TIMER_MS));
    this.#timers.set(target.id, timer);
  }
}

function expired({ id }: Target): Delivery {
  const message = `a message for ${id} could not be delivered for three days and is given up`;
  return { kind: 'never', fault: { reason: 'NotDelivered', message, next: 'anchord status' } };
}
