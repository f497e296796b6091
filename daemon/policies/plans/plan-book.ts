import type { RemovalLimit } from '../../../state-schema/generated/state-file.ts';
import { isoSeconds, type Clock } from '../../clock.ts';
import type { Fault } from '../../errors.ts';
import { InTurn } from '../../in-turn.ts';
import type { Store } from '../../store/store.ts';
import { dropPlans, loadPlan, newestPlan, savePlan } from './plan-files.ts';
import { acceptedItems, planId, type PlanItem, type PlannedRemoval, type PolicyPlan } from './policy-plan.ts';
import { readRemovalRecord, saveRemovalRecord, type RemovalRecord } from './removal-record.ts';
import { overLimit } from './removal-limits.ts';

/** How long the word of a person holds. Milliseconds. */
const ACCEPTED_FOR_MS = 24 * 60 * 60_000;

/** A removal with what decides about it. */
export interface JudgedRemoval extends PlannedRemoval {
  readonly limit: RemovalLimit | undefined;
  /** So many more would go that the list does not hold. */
  readonly beyond?: number;
  /** Whether a part of an accepted list may be carried out alone, entry by entry. A mirror cannot, a purge can. */
  readonly isDivisible: boolean;
  /** Entries that count against the limit, when not all do: what anchord itself moved elsewhere does not. */
  readonly counted?: number;
  /** Why it waits whatever the limit says, for example because a tree has lost more than anybody removes in a day. */
  readonly suspicion?: Fault | undefined;
}

/** Whether a removal may be carried out. `items`: those that may go; never more than were planned. */
export type RemovalVerdict =
  | {
      readonly kind: 'allowed';
      readonly items: readonly PlanItem[];
      /** To be called right before the first entry goes; the acceptance is used up by it, in one durable step. */
      readonly begin: () => Promise<void>;
    }
  | { readonly kind: 'waits'; readonly plan: PolicyPlan };

/** What came of a person's word. */
export type AcceptResult =
  | { readonly kind: 'accepted'; readonly plan: PolicyPlan; readonly until: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** A plan that waits, and until when it is accepted. */
export interface WaitingPlan {
  readonly plan: PolicyPlan;
  readonly acceptedUntil?: string;
}

/** What the book is kept in. */
export interface PlanBookParts {
  readonly store: Pick<Store, 'fact' | 'saveFact'>;
  readonly stateDir: string;
  readonly clock: Clock;
  /** The demo accepts the first removal of each policy by itself; on a host a person does. */
  readonly acceptsFirst: boolean;
}

/**
 * Decides whether what policies would remove may go, and keeps what waits for a person: the first removal of a policy
 * from a tree, and each one past its limits. What a person accepts is exactly the list of one plan, once, for a day.
 */
export class PlanBook {
  readonly #parts: PlanBookParts;
  /** A word of a person and the start of a run must not lose each other. */
  readonly #turns = new InTurn();

  constructor(parts: PlanBookParts) {
    this.#parts = parts;
  }

  /** Judges a removal. One that waits is kept as a plan; nothing is begun. */
  judge(removal: JudgedRemoval): Promise<RemovalVerdict> {
    return this.#turns.run(() => this.#judge(removal));
  }

  /** Accepts exactly the plan of that id. `subject`: the trees that the policy works on now. */
  accept(asked: {
    readonly policy: string;
    readonly subject: string;
    readonly id: string;
  }): Promise<AcceptResult> {
    return this.#turns.run(() => this.#accept(asked));
  }

  /** The newest plan of a policy that waits. */
  async waiting(policy: string): Promise<WaitingPlan | undefined> {
    const plan = await newestPlan(this.#parts.stateDir, policy);
    if (plan === undefined) return undefined;
    const record = await readRemovalRecord(this.#parts.store, policy);
    const until = record.accepted?.plan === plan.id ? this.#acceptedUntil(record) : undefined;
    return { plan, ...(until === undefined ? {} : { acceptedUntil: until }) };
  }

  /** Forgets the plans of a policy whose next run would remove nothing, or nothing that waits. */
  async clear(policy: string): Promise<void> {
    await dropPlans(this.#parts.stateDir, policy);
  }

  async #judge(removal: JudgedRemoval): Promise<RemovalVerdict> {
    const { policy, subject, items } = removal;
    const record = await readRemovalRecord(this.#parts.store, policy);
    const agreed = await this.#agreed(removal, record);
    if (agreed.length > 0) return this.#allowed(removal, agreed);
    const why = this.#whyItWaits(removal, record);
    if (why === undefined) return this.#allowed(removal, items);
    const id = planId(removal);
    const known = await loadPlan(this.#parts.stateDir, { policy, id });
    const createdAt = known?.createdAt ?? isoSeconds(this.#parts.clock.now());
    const plan: PolicyPlan = { id, policy, subject, createdAt, why, items, of: removal.of };
    await savePlan(this.#parts.stateDir, plan);
    return { kind: 'waits', plan };
  }

  /** The items that a person has accepted and that may go now. */
  async #agreed(removal: JudgedRemoval, record: RemovalRecord): Promise<readonly PlanItem[]> {
    const { policy, subject, items, isDivisible } = removal;
    const { accepted } = record;
    if (accepted === undefined || this.#acceptedUntil(record) === undefined) return [];
    const plan = await loadPlan(this.#parts.stateDir, { policy, id: accepted.plan });
    if (plan?.subject !== subject) return [];
    const agreed = acceptedItems(items, plan);
    return isDivisible || agreed.length === items.length ? agreed : [];
  }

  #whyItWaits(removal: JudgedRemoval, record: RemovalRecord): Fault | undefined {
    const { policy, subject, items, of, limit, beyond = 0 } = removal;
    const { counted = items.length + beyond } = removal;
    if (items.length === 0) return undefined;
    if (removal.suspicion !== undefined) return removal.suspicion;
    const next = `anchord policy plan ${policy}`;
    const over = overLimit(limit, { entries: counted, of });
    if (over !== undefined) return { reason: 'LimitExceeded', message: over, next };
    if (record.begun?.subject === subject || this.#parts.acceptsFirst) return undefined;
    const message = `${policy} has never removed anything from ${subject}: its first list of ${items.length} waits for a person`;
    return { reason: 'FirstRun', message, next };
  }

  #allowed({ policy, subject }: PlannedRemoval, items: readonly PlanItem[]): RemovalVerdict {
    const { store, stateDir, clock } = this.#parts;
    async function begin(): Promise<void> {
      // The acceptance goes in the same step: a crash right after it must not let the list go a second time.
      await saveRemovalRecord(store, policy, { begun: { subject, at: isoSeconds(clock.now()) } });
      await dropPlans(stateDir, policy);
    }
    return { kind: 'allowed', items, begin: () => this.#turns.run(begin) };
  }

  async #accept({
    policy,
    subject,
    id,
  }: {
    readonly policy: string;
    readonly subject: string;
    readonly id: string;
  }): Promise<AcceptResult> {
    const { store, stateDir, clock } = this.#parts;
    const plan = await loadPlan(stateDir, { policy, id });
    if (plan === undefined || plan.subject !== subject)
      return { kind: 'refused', fault: unknown(policy, id) };
    const record = await readRemovalRecord(store, policy);
    const at = isoSeconds(clock.now());
    await saveRemovalRecord(store, policy, { ...record, accepted: { plan: id, at } });
    return { kind: 'accepted', plan, until: untilOf(at) };
  }

  /** Until when the acceptance holds; undefined when it does not hold now, also when it is from the future. */
  #acceptedUntil({ accepted }: RemovalRecord): string | undefined {
    if (accepted === undefined) return undefined;
    const age = this.#parts.clock.now().getTime() - Date.parse(accepted.at);
    // Times are kept in whole seconds, and the clock may have been put back by less than that.
    return age >= -1000 && age <= ACCEPTED_FOR_MS ? untilOf(accepted.at) : undefined;
  }
}

function untilOf(at: string): string {
  return isoSeconds(new Date(Date.parse(at) + ACCEPTED_FOR_MS));
}

function unknown(policy: string, id: string): Fault {
  return {
    reason: 'PlanUnknown',
    message: `no plan ${JSON.stringify(id)} of ${policy} waits: it was never made, has been replaced by a newer one, or has been carried out`,
    next: `anchord policy plan ${policy}`,
  };
}
