/** What a sampler must know of a file: how big it is, bytes. */
export interface Sized {
  readonly size: number;
}

/** How to choose. */
export interface SampleRules {
  /** So many at the most. */
  readonly count: number;
  /** Bigger files are passed over, bytes. */
  readonly largest: number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

interface Ticket<T> {
  readonly item: T;
  /** The lowest ones are in. */
  readonly key: number;
}

/**
 * Chooses files of a list that is too long to hold: one half of them each with the same chance, which in most trees are
 * small files, the other half with a chance that grows with the size, so that where the bytes are is looked at, too.
 */
export class Sampler<T extends Sized> {
  readonly #rules: SampleRules;
  readonly #any: Ticket<T>[] = [];
  readonly #big: Ticket<T>[] = [];

  constructor(rules: SampleRules) {
    this.#rules = rules;
  }

  /** Shows it the next file; `item` is asked for only when it is drawn. */
  take(size: number, item: () => T | undefined): void {
    const { count, largest, random } = this.#rules;
    if (size > largest) return;
    const half = Math.floor(count / 2);
    draw(this.#any, { limit: count - half, key: random(), item });
    // The lowest of exponential times, the bigger the sooner: Efraimidis and Spirakis, 2006.
    if (size > 0) draw(this.#big, { limit: half, key: -Math.log(1 - random()) / size, item });
  }

  /** The files chosen, each once, small and big ones by turns, so that a budget that ends early has seen both. */
  chosen(same: (item: T) => string): readonly T[] {
    const found = new Map<string, T>();
    for (let index = 0; index < Math.max(this.#any.length, this.#big.length); index++) {
      for (const ticket of [this.#any[index], this.#big[index]])
        if (ticket !== undefined) found.set(same(ticket.item), ticket.item);
    }
    return [...found.values()];
  }
}

function draw<T>(
  drawn: Ticket<T>[],
  { limit, key, item }: { readonly limit: number; readonly key: number; readonly item: () => T | undefined },
): void {
  if (limit === 0) return;
  const last = drawn.at(-1);
  if (drawn.length >= limit && last !== undefined && key >= last.key) return;
  // Only what is in is built: of a million lines some hundreds are ever parsed.
  const built = item();
  if (built === undefined) return;
  const place = drawn.findIndex((ticket) => ticket.key > key);
  drawn.splice(place === -1 ? drawn.length : place, 0, { item: built, key });
  if (drawn.length > limit) drawn.pop();
}
