import { isoSeconds, type Clock } from './clock.ts';
import type { Fault } from './errors.ts';
import { faultText } from './fault-text.ts';
import type { Store } from './store/store.ts';

/** Where the store keeps it. */
const FACT = 'suspended';
/** NTP moves a clock by less than this; what moved further was set, and says nothing of how long something lasted. */
const BELIEVED_STEP_MS = 60 * 60_000;

/** Who has suspended a host, since when and why. Times are UTC, ISO 8601. */
export interface Suspended {
  readonly by: string;
  readonly since: string;
  /** Absent: until somebody resumes. */
  readonly until?: string;
  readonly reason?: string;
}

/** What keeping a suspension needs. */
export interface SuspensionParts {
  readonly store: Pick<Store, 'fact' | 'saveFact'>;
  readonly clock: Clock;
  /** Milliseconds that no setting of the clock bends, see uptime.ts. */
  readonly elapsed: () => number;
}

/** Whether a person has suspended this host. Survives restarts, and ends by itself when it has an end. */
export class Suspension {
  readonly #parts: SuspensionParts;
  #suspended: Suspended | undefined;
  /** Elapsed time at which it is over if the clock cannot be believed. */
  #overAt = Number.POSITIVE_INFINITY;

  private constructor(parts: SuspensionParts) {
    this.#parts = parts;
  }

  static async load(parts: SuspensionParts): Promise<Suspension> {
    const suspension = new Suspension(parts);
    const kept = await parts.store.fact(FACT);
    if (kept !== undefined) suspension.#take(JSON.parse(kept) as Suspended);
    return suspension;
  }

  /** The suspension in force. */
  get current(): Suspended | undefined {
    const suspended = this.#suspended;
    if (suspended === undefined || this.#isOver(suspended)) return undefined;
    return suspended;
  }

  /** Why nothing begins by itself now; undefined when nothing is suspended. */
  get fault(): Fault | undefined {
    const { current } = this;
    return current === undefined ? undefined : suspendedFault(current);
  }

  /** Suspends, or says anew who, why and until when. */
  async begin(request: Omit<Suspended, 'since'>): Promise<Suspended> {
    const suspended = { since: isoSeconds(this.#parts.clock.now()), ...request };
    await this.#parts.store.saveFact(FACT, JSON.stringify(suspended));
    this.#take(suspended);
    return suspended;
  }

  /** Ends it; gives what was in force. */
  async end(): Promise<Suspended | undefined> {
    const { current } = this;
    await this.#parts.store.saveFact(FACT, null);
    this.#suspended = undefined;
    return current;
  }

  /** Forgets one that is over, so that a clock set back later does not bring it up again. Never rejects. */
  async forgetIfOver(): Promise<void> {
    if (this.#suspended === undefined || this.current !== undefined) return;
    // On a full disk it is over all the same, and forgotten the next time.
    await this.end().catch(() => undefined);
  }

  #take(suspended: Suspended): void {
    this.#suspended = suspended;
    const { clock, elapsed } = this.#parts;
    const left = remainingMs(suspended, clock.now());
    this.#overAt = elapsed() + left;
  }

  /**
   * By the clock, as long as that goes on as time does; a clock that was set meanwhile neither ends a suspension early nor
   * draws it out.
   */
  #isOver(suspended: Suspended): boolean {
    if (suspended.until === undefined) return false;
    const { clock, elapsed } = this.#parts;
    const byElapsed = this.#overAt - elapsed();
    const byClock = Date.parse(suspended.until) - clock.now().getTime();
    return (Math.abs(byClock - byElapsed) <= BELIEVED_STEP_MS ? byClock : byElapsed) <= 0;
  }
}

/** Never more than it was made for: the clock may be behind the time it began. */
function remainingMs({ since, until }: Suspended, now: Date): number {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  const end = Date.parse(until);
  return Math.min(end - now.getTime(), end - Date.parse(since));
}

/** A suspension in words, with the way out. Pure. */
export function suspendedFault({ by, since, until, reason }: Suspended): Fault {
  const end = until === undefined ? '' : ` until ${until}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return {
    reason: 'Suspended',
    message: `suspended by ${by} since ${since}${end}${why}`,
    next: 'anchord resume',
  };
}

/** The same in one line. Pure. */
export function suspendedText(suspended: Suspended): string {
  return faultText(suspendedFault(suspended));
}
