/** Lets a person wait for a whole round: what was under way when they asked does not count. */
export class AskedRounds {
  readonly #waiting: (() => void)[] = [];
  #running: Promise<unknown> | undefined;

  /** Resolves when a round that begins after now has ended, or when none will begin any more. */
  ask(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when no round is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Carries out one round, and tells those who had asked before it began. */
  async serve<Result>(round: () => Promise<Result>): Promise<Result> {
    const served = this.#waiting.splice(0);
    const running = round().finally(() => {
      this.#running = undefined;
      for (const tell of served) tell();
    });
    this.#running = running.catch(() => undefined);
    return await running;
  }

  /** No round will begin any more. */
  end(): void {
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
