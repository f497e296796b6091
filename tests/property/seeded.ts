import { randomInt } from 'node:crypto';

/** Random choices that can be made once more: the same seed gives the same ones. */
export class Seeded {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed;
  }

  /** A seed of its own, or that of a failure, from ANCHORD_TEST_SEED. */
  static fromEnvironment(): Seeded {
    return new Seeded(Number(process.env['ANCHORD_TEST_SEED'] ?? randomInt(2 ** 31)));
  }

  /** How to see the same again. */
  get words(): string {
    return `ANCHORD_TEST_SEED=${this.seed}`;
  }

  /** In [0, 1). Mulberry32, a public-domain generator: four lines, and good enough to choose what to break. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<const Choice>(from: readonly Choice[]): Choice {
    const choice = from[this.below(from.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  }
}
