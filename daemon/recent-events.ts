import { isoSeconds, type Clock } from './clock.ts';
import type { EventHub } from './event-hub.ts';
import type { AnchordEvent } from './events.ts';

/** How much of the past is kept, whichever is less. */
const LIMIT = { events: 500, bytes: 1024 * 1024 } as const;

/** An event and when it happened, as one line of JSON. */
export interface ToldEvent {
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly event: AnchordEvent;
}

/** The events of the last while as lines of JSON, and then each new one: what `anchord events` reads. */
export class RecentEvents implements Disposable {
  readonly #stop: () => void;
  readonly #followers = new Set<(line: string) => void>();
  readonly #lines: string[] = [];
  #bytes = 0;

  constructor(hub: EventHub, clock: Clock) {
    this.#stop = hub.listen((event) => this.#take({ at: isoSeconds(clock.now()), event }));
  }

  /** Each is a `ToldEvent`. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Hears each new line until the returned function is called. */
  follow(tell: (line: string) => void): () => void {
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #take(told: ToldEvent): void {
    const line = JSON.stringify(told);
    for (const tell of this.#followers) tell(line);
    // Progress is only worth something while it is new, and would push out all else.
    if (told.event.kind === 'run.progress' || told.event.kind === 'restore.progress') return;
    this.#lines.push(line);
    this.#bytes += line.length;
    while (this.#lines.length > LIMIT.events || this.#bytes > LIMIT.bytes) {
      this.#bytes -= this.#lines.shift()?.length ?? 0;
    }
  }
}
