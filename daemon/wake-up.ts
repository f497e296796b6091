/**
 * A place where a loop waits until something wakes it or time is up. A wake-up that comes while nobody waits is kept,
 * and several are one: they only ever mean "look again".
 */
export class WakeUp<Cause> {
  #pending: Cause | undefined;
  #wake: (() => void) | undefined;

  /** Wakes the waiting loop, or the next one to wait. The first cause is the one reported. */
  call(cause: Cause): void {
    this.#pending ??= cause;
    this.#wake?.();
  }

  /** Waits for a call, for `ms` to pass, or for the signal; returns the call's cause if there was one. */
  async wait(ms: number, signal: AbortSignal): Promise<Cause | undefined> {
    if (this.#pending === undefined && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
        signal.addEventListener('abort', done, { once: true });
        this.#wake = done;
      });
    }
    const cause = this.#pending;
    this.#pending = undefined;
    return cause;
  }
}
