import type { AnchordEvent, Emit } from './events.ts';

/** Hands every event to whoever listens now: the log, the page's stream, `anchord` commands that follow. */
export class EventHub {
  readonly #listeners = new Set<Emit>();

  /** Tells everybody. A listener that throws is a bug, and must not stop the others or the work that is reported. */
  readonly emit: Emit = (event: AnchordEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };

  /** Listens until the returned function is called. */
  listen(listener: Emit): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
