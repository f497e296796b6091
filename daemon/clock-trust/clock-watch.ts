import type { Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { JUMP_MS, judgeClock } from './judge-clock.ts';

/** Where the store keeps it. */
const FACT = 'clock.watch';
/** Whether a time server is followed changes rarely, and asking starts a program. Milliseconds. */
const ASK_EVERY_MS = 5 * 60_000;

/** What watching the clock needs. */
export interface ClockWatchParts {
  readonly store: Pick<Store, 'fact' | 'saveFact' | 'runs' | 'passes'>;
  readonly clock: Clock;
  /** Milliseconds that no setting of the clock bends, see uptime.ts. */
  readonly elapsed: () => number;
  /** Names the start of the machine that `elapsed` counts from. */
  readonly boot: string;
  readonly isSynchronised: () => Promise<boolean | undefined>;
}

/** What the clock was like, in terms of `elapsed`. */
interface Seen {
  readonly boot: string;
  /** Clock less elapsed time, milliseconds: it stays as it is while the clock goes as time does. */
  readonly offset: number;
  /** When it began to go so. */
  readonly steadySince: number;
  readonly jumpedAt?: number;
}

/**
 * Whether the clock can be trusted with deleting by age. Remembers a jump over restarts of the daemon; what happened
 * while the machine was off only shows in times that were recorded before.
 */
export class ClockWatch {
  readonly #parts: ClockWatchParts;
  #seen: Seen | undefined;
  #asked: { readonly at: number; readonly synchronised: boolean | undefined } | undefined;

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
  }

  /** Looks at the clock now: why nothing may be deleted by age, or undefined. */
  async fault(): Promise<Fault | undefined> {
    const { clock, elapsed } = this.#parts;
    const seen = await this.#look();
    const passed = elapsed();
    return judgeClock({
      now: clock.now(),
      synchronised: await this.#synchronised(passed),
      sinceJumpMs: seen.jumpedAt === undefined ? undefined : passed - seen.jumpedAt,
      steadyMs: passed - seen.steadySince,
      newestRecord: await this.#newestRecord(),
    });
  }

  /** Whether a time server is followed, as it was last told. */
  get isKeptInStep(): boolean | undefined {
    return this.#asked?.synchronised;
  }

  async #look(): Promise<Seen> {
    const { clock, elapsed, boot, store } = this.#parts;
    const passed = elapsed();
    const offset = clock.now().getTime() - passed;
    const before = this.#seen ?? (await this.#remembered());
    if (before === undefined) {
      this.#seen = { boot, offset, steadySince: passed };
      await store.saveFact(FACT, JSON.stringify(this.#seen));
    } else if (Math.abs(offset - before.offset) > JUMP_MS) {
      this.#seen = { boot, offset, steadySince: passed, jumpedAt: passed };
      this.#asked = undefined;
      await store.saveFact(FACT, JSON.stringify(this.#seen));
    } else {
      // Many small steps are no jump.
      this.#seen = { ...before, offset };
    }
    return this.#seen;
  }

  async #remembered(): Promise<Seen | undefined> {
    const kept = await this.#parts.store.fact(FACT);
    const seen = kept === undefined ? undefined : (JSON.parse(kept) as Seen);
    return seen?.boot === this.#parts.boot ? seen : undefined;
  }

  async #synchronised(passed: number): Promise<boolean | undefined> {
    if (this.#asked === undefined || passed - this.#asked.at >= ASK_EVERY_MS)
      this.#asked = { at: passed, synchronised: await this.#parts.isSynchronised() };
    return this.#asked.synchronised;
  }

  async #newestRecord(): Promise<string | undefined> {
    const { store } = this.#parts;
    const [runs, passes] = await Promise.all([store.runs({ limit: 1 }), store.passes(1)]);
    return [...runs, ...passes].map(({ endedAt }) => endedAt).toSorted((a, b) => (a < b ? 1 : -1))[0];
  }
}
