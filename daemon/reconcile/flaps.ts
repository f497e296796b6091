import type { Clock } from '../clock.ts';
import { faultText } from '../fault-text.ts';
import type { Desired } from '../resources/desired.ts';
import type { InventoryItem, Store } from '../store/store.ts';
import { afterRepair, isOver, paused, type FlapRecord } from './flap-limit.ts';
import { differenceWords } from './plan-report.ts';
import type { LeftAlone, Plan } from './plan.ts';

/** Where the store keeps them. */
const FACT = 'flaps';
/** How many ways to change it a message names. */
const NAMED = 3;

/** What remembering needs. */
export interface FlapParts {
  readonly store: Pick<Store, 'fact' | 'saveFact'>;
  readonly clock: Clock;
}

/** What a pass did, as far as flapping goes. */
export interface FlapPass {
  readonly desired: Desired;
  readonly plan: Plan;
  /** Ids of the changes that were made. */
  readonly done: ReadonlySet<string>;
  /** As it was before the pass. */
  readonly inventory: ReadonlyMap<string, InventoryItem>;
}

/**
 * Which resources something on the host changes again and again: they are left alone for a while, so that anchord does not
 * fight for ever. Survives restarts; a new revision and a person begin it anew.
 */
export class Flaps {
  readonly #parts: FlapParts;
  #records: Map<string, FlapRecord>;

  private constructor(parts: FlapParts, records: Map<string, FlapRecord>) {
    this.#parts = parts;
    this.#records = records;
  }

  static async load(parts: FlapParts): Promise<Flaps> {
    const kept = await parts.store.fact(FACT);
    const entries = kept === undefined ? [] : Object.entries(JSON.parse(kept) as Record<string, FlapRecord>);
    return new Flaps(parts, new Map(entries));
  }

  /** What must be left alone now if it differs, by id. */
  leftAlone({ resources }: Desired): ReadonlyMap<string, LeftAlone> {
    const now = this.#parts.clock.now();
    const left = new Map<string, LeftAlone>();
    if (this.#records.size === 0) return left;
    for (const { id, digest } of resources) {
      const record = this.#records.get(id);
      const held = record?.digest === digest ? paused(record, now) : undefined;
      if (held !== undefined) left.set(id, { reason: 'Flapping', message: words(held) });
    }
    return left;
  }

  /** Remembers what a pass put right and what it left alone. Writes only when there was such a thing. */
  async take(pass: FlapPass): Promise<void> {
    const now = this.#parts.clock.now();
    const records = new Map([...this.#records].filter(([, record]) => !isOver(record, now)));
    const isLess = records.size !== this.#records.size;
    const news = [...repairedIn(pass, records, now), ...leftAloneIn(pass, records, now)];
    for (const [id, record] of news) records.set(id, record);
    if (isLess || news.length > 0) await this.#save(records);
  }

  /** Everything may be put right again: a person or a new revision says so. */
  async forget(): Promise<void> {
    if (this.#records.size > 0) await this.#save(new Map());
  }

  async #save(records: Map<string, FlapRecord>): Promise<void> {
    const { store } = this.#parts;
    this.#records = records;
    await store.saveFact(FACT, records.size === 0 ? null : JSON.stringify(Object.fromEntries(records)));
  }
}

type Records = ReadonlyMap<string, FlapRecord>;

function repairedIn(pass: FlapPass, records: Records, at: Date): readonly (readonly [string, FlapRecord])[] {
  const { desired, plan, done, inventory } = pass;
  const digests = new Map(desired.resources.map(({ id, digest }) => [id, digest]));
  return plan.changes.flatMap(({ id, differences }) => {
    const digest = digests.get(id);
    const known = inventory.get(id);
    if (digest === undefined || known?.digest !== digest || !wasMade(known)) return [];
    if (!done.has(id)) return [];
    const what = differences.map(differenceWords).join(', ').slice(0, 200);
    return [[id, afterRepair(records.get(id), { digest, at, what })] as const];
  });
}

function leftAloneIn(
  { plan }: FlapPass,
  records: Records,
  now: Date,
): readonly (readonly [string, FlapRecord])[] {
  return plan.hindrances.flatMap(({ id, reason }) => {
    const record = records.get(id);
    const held = reason === 'Flapping' && record !== undefined ? paused(record, now) : undefined;
    return held === undefined || held.pause.until === record?.pause?.until ? [] : [[id, held] as const];
  });
}

/** Only what the same revision had made before can have been changed by something else. */
function wasMade({ state, reason }: InventoryItem): boolean {
  if (state === 'failed') return reason === 'Flapping' || reason === 'InputOutputError';
  return state !== 'waiting';
}

function words({ repairs, pause }: ReturnType<typeof paused> & object): string {
  const counts = new Map<string, number>();
  for (const { what } of repairs) counts.set(what, (counts.get(what) ?? 0) + 1);
  const named = [...counts]
    .slice(-NAMED)
    .map(([what, count]) => (count === 1 ? what : `${what}, ${count} times`));
  return faultText({
    message: `put right ${repairs.length} times since ${repairs[0]?.at.slice(0, 19) ?? ''}Z and changed again each time (${named.join('; ')}); left alone until ${pause.until.slice(0, 19)}Z`,
    next: 'find what changes it, then: anchord apply',
  });
}
