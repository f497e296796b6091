/** Work that is asked for again and again, done beside whoever asks and never twice at once. */
export class OneAtATime {
  #running: Promise<void> | undefined;

  /** Begins the work, unless it is under way. Resolves when it has ended. `work` must not reject. */
  ask(work: () => Promise<void>): Promise<void> {
    this.#running ??= work().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }
}
