/** However many pushes are told of, the daemon looks for them no more often than this. Milliseconds. */
export const LOOK_PACE_MS = 1_000;

/**
 * Calls for looks at a bounded pace: the first at once, and what comes too soon after it once, later. None is dropped,
 * for the last of many pushes is the one that counts.
 */
export class PacedLook {
  readonly #look: () => void;
  #rest: NodeJS.Timeout | undefined;
  #isAsked = false;

  constructor(look: () => void) {
    this.#look = look;
  }

  /** Asks for a look, now or in a moment. */
  ask(): void {
    this.#isAsked = true;
    if (this.#rest === undefined) this.#call();
  }

  /** Forgets what waits. */
  stop(): void {
    clearTimeout(this.#rest);
    this.#isAsked = false;
  }

  #call(): void {
    this.#isAsked = false;
    this.#look();
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (this.#isAsked) this.#call();
    }, LOOK_PACE_MS).unref();
  }
}
