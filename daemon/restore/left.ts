import type { Selection } from './selection.ts';

/** So many are told one by one. */
const TOLD = 100;

/** What could not be restored as it was: all of it counted, some of it told. */
export class Left {
  readonly #prefix: string;
  readonly #some: string[] = [];
  #count = 0;

  /** Paths are told below the selection, for the rest of them is long and everywhere the same. */
  constructor({ path, isWhole }: Selection) {
    this.#prefix = isWhole ? `${path === '/' ? '' : path}/` : path.slice(0, path.lastIndexOf('/') + 1);
  }

  get count(): number {
    return this.#count;
  }

  get some(): readonly string[] {
    return this.#some;
  }

  /** `path` as the snapshot has it. */
  add(path: string, what: string): void {
    this.#count++;
    if (this.#some.length >= TOLD) return;
    const told = path.startsWith(this.#prefix) ? path.slice(this.#prefix.length) : path;
    this.#some.push(`${told}: ${what.slice(0, 300)}`);
  }
}
