import type { AnchordEvent, Emit } from './events.ts';

/** Hands every event to whoever listens now: the log, the page's stream, `anchord` commands that follow. */
export class EventHub {
  readonly #listeners = new Set<Emit>();
  readonly #redact: (event: AnchordEvent) => AnchordEvent;

  /** `redact` takes out of every event what nobody may be told. */
  constructor(redact: (event: AnchordEvent) => AnchordEvent = (event) => event) {
    this.#redact = redact;
  }

  /** Tells everybody. A listener that throws is a bug, and must not stop the others or the work that is reported. */
  readonly emit: Emit = (event: AnchordEvent): void => {
    const said = this.#redact(event);
    for (const listener of this.#listeners) listener(said);
  };

  /** Listens until the returned function is called. */
  listen(listener: Emit): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
