import type { PolicyStatus, Run } from '../../state-schema/generated/status.ts';
import type { Clock } from '../clock.ts';
import { faultOf } from '../errors.ts';
import type { Emit } from '../events.ts';
import { bringPing, type CourierParts } from './courier.ts';
import type { Ping } from './healthchecks-request.ts';
import type { Target } from './target.ts';
import type { TargetStates } from './target-states.ts';

/** How often a check of the host is pinged: its period there should be twice this at the least. Milliseconds. */
const EVERY_MS = 5 * 60_000;

/** What pinging needs. */
export interface DeadManParts extends CourierParts {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly states: TargetStates;
  /** What the loop is stuck in; undefined while it makes progress. */
  readonly stuck: () => string | undefined;
}

/** How the host is when checks are pinged. */
export interface HostStanding {
  /** What was told to a target and is not over, for a person; undefined when all is well. */
  readonly troubles: (target: Target) => string | undefined;
  readonly policies: readonly PolicyStatus[];
}

interface LastPing {
  readonly kind: Ping['kind'];
  /** By `Clock.monotonic`. */
  readonly at: number;
}

/**
 * Pings checks of healthchecks, which alarm when nobody pings them: the check of a host while its loop makes progress,
 * the check of policies when one of their runs ends. A ping says how things are, so none is queued: what counts is the last.
 */
export class DeadMan {
  readonly #parts: DeadManParts;
  readonly #last = new Map<string, LastPing>();
  readonly #queues = new Map<string, Promise<void>>();

  constructor(parts: DeadManParts) {
    this.#parts = parts;
  }

  /** Says that the daemon has begun: a check then alarms unless a round ends well soon. */
  started(targets: readonly Target[]): void {
    for (const target of targets)
      if (watchesHost(target))
        this.#inTurn(target, () => this.#ping(target, { kind: 'start', text: 'anchord started' }));
  }

  /** Says that a run has begun, so that its check knows how long it takes. Not tried again. */
  runStarted(policy: string, targets: readonly Target[]): void {
    for (const target of targets) {
      if (!watchedPolicies(target).has(policy)) continue;
      this.#inTurn(target, async () => {
        if (this.#parts.states.waitMs(target.id) > 0) return;
        await this.#ping(target, { kind: 'start', text: `${policy} started` });
      });
    }
  }

  /** Pings what is due. */
  look(targets: readonly Target[], host: HostStanding): void {
    for (const target of targets) {
      this.#inTurn(target, async () => {
        if (watchesHost(target)) await this.#pingHost(target, host);
        await this.#pingRuns(target, host.policies);
      });
    }
  }

  /** Resolves when no ping is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  async #pingHost(target: Target, host: HostStanding): Promise<void> {
    const { clock, states, stuck } = this.#parts;
    // Silence is the alarm: a daemon whose loop stands still must not vouch for itself.
    if (stuck() !== undefined || states.waitMs(target.id) > 0) return;
    const troubles = host.troubles(target);
    const kind = troubles === undefined ? 'success' : 'fail';
    const last = this.#last.get(target.id);
    const isDue = last === undefined || last.kind !== kind || clock.monotonic() - last.at >= EVERY_MS;
    if (isDue) await this.#ping(target, { kind, text: troubles ?? 'all is well' });
  }

  async #pingRuns(target: Target, policies: readonly PolicyStatus[]): Promise<void> {
    const { states } = this.#parts;
    const watched = watchedPolicies(target);
    for (const { name, lastRun } of policies) {
      if (!watched.has(name) || lastRun === undefined) continue;
      const { pinged = {} } = states.get(target.id);
      if (pinged[name] === lastRun.id || states.waitMs(target.id) > 0) continue;
      const ping = runPing(lastRun);
      const done = { [name]: lastRun.id };
      if (ping === undefined) await states.record(target.id, { kind: 'delivered' }, { pinged: done });
      else await this.#ping(target, ping, done);
    }
  }

  async #ping(target: Target, ping: Ping, pinged?: Readonly<Record<string, string>>): Promise<void> {
    const { states, emit, clock, signal } = this.#parts;
    const at = clock.monotonic();
    const delivery = await bringPing(target, ping, this.#parts);
    if (signal.aborted) return;
    const isOver = delivery.kind !== 'later';
    if (isOver) this.#last.set(target.id, { kind: ping.kind, at });
    // It may have arrived all the same, so nobody knows what the check believes.
    else this.#last.delete(target.id);
    await states.record(target.id, delivery, isOver && pinged !== undefined ? { pinged } : {});
    if (delivery.kind !== 'delivered')
      emit({ kind: 'notification.failed', to: target.id, fault: delivery.fault, ...retry(states, target) });
  }

  /** One ping of a check after another: a success that overtakes its start would leave the check running. */
  #inTurn(target: Target, ping: () => Promise<void>): void {
    if (target.service !== 'healthchecks') return;
    const before = this.#queues.get(target.id) ?? Promise.resolve();
    const after = before.then(ping).catch((error: unknown) => {
      this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
    });
    this.#queues.set(target.id, after);
  }
}

function retry(states: TargetStates, target: Target): { readonly retryAt?: string } {
  const { retryAt } = states.get(target.id);
  return retryAt === undefined ? {} : { retryAt };
}

/** Without `policies` an entry is about the whole host. */
function watchesHost({ filters }: Target): boolean {
  return filters.some(({ policies }) => policies === undefined);
}

function watchedPolicies({ filters }: Target): ReadonlySet<string> {
  return new Set(filters.flatMap(({ policies = [] }) => policies));
}

/** What a run says to its check; nothing when it was stopped or left out, for it says nothing of the policy. */
function runPing({ outcome, policy, reason, message, startedAt, endedAt }: Run): Ping | undefined {
  const text = [`${policy}: ${outcome}`, `${startedAt} to ${endedAt}`, reason, message]
    .filter((line) => line !== undefined)
    .join('\n');
  switch (outcome) {
    case 'ok':
      return { kind: 'success', text };
    case 'partial':
    case 'failed':
    case 'refused':
      return { kind: 'fail', text };
    case 'cancelled':
    case 'skipped':
      return undefined;
  }
}
