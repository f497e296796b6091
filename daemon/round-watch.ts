import type { Clock } from './clock.ts';

/** How long what should end may take before the daemon counts as stuck. Milliseconds. */
export interface RoundLimits {
  /** One round: a fetch may take five minutes, a disk that does not answer another five for each thing asked of it. */
  readonly roundMs: number;
  /** How much later than the interval a round may begin. */
  readonly lateMs: number;
}

const LIMITS: RoundLimits = { roundMs: 30 * 60_000, lateMs: 5 * 60_000 };

/**
 * Knows whether the loop makes progress: rounds begin when they should, and end. A process that runs and does nothing
 * looks healthy to everybody else.
 */
export class RoundWatch {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #intervalMs: number;
  readonly #limits: RoundLimits;
  #phase: { readonly kind: 'waits' | 'works'; readonly since: number };
  #isReady = false;

  constructor(clock: Pick<Clock, 'monotonic'>, intervalMs: number, limits: RoundLimits = LIMITS) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#limits = limits;
    this.#phase = { kind: 'waits', since: clock.monotonic() };
  }

  /** Whether the first round has ended: what the daemon shows is no longer from before its start. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Says that the first round, and what belongs to it, is over. */
  ready(): void {
    this.#isReady = true;
  }

  /** Watches one round. Returns what it returns, and how long it took, in milliseconds. */
  async during<Ended>(round: () => Promise<Ended>): Promise<{ readonly ended: Ended; readonly ms: number }> {
    const since = this.#clock.monotonic();
    this.#phase = { kind: 'works', since };
    try {
      const ended = await round();
      return { ended, ms: this.#clock.monotonic() - since };
    } finally {
      this.#phase = { kind: 'waits', since: this.#clock.monotonic() };
    }
  }

  /** What the loop is stuck in, for a person; undefined while it makes progress. */
  stuck(): string | undefined {
    const { kind, since } = this.#phase;
    const ms = this.#clock.monotonic() - since;
    const minutes = Math.floor(ms / 60_000);
    if (kind === 'works') {
      return ms > this.#limits.roundMs ? `a round has not ended for ${minutes} minutes` : undefined;
    }
    // The interval has 10 % of jitter.
    return ms > this.#intervalMs * 1.1 + this.#limits.lateMs
      ? `no round has begun for ${minutes} minutes`
      : undefined;
  }
}
