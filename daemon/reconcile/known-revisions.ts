import type { Revisions, Store } from '../store/store.ts';

/** What is remembered of the revisions, as the store has it. */
export class KnownRevisions {
  readonly #store: Pick<Store, 'revisions' | 'saveRevisions'>;
  #now: Revisions = {};

  constructor(store: Pick<Store, 'revisions' | 'saveRevisions'>) {
    this.#store = store;
  }

  get now(): Revisions {
    return this.#now;
  }

  /** Reads what an earlier process left. */
  async load(): Promise<void> {
    this.#now = await this.#store.revisions();
  }

  /** Changes them in one durable step; `null` removes. */
  async save(change: Parameters<Store['saveRevisions']>[0]): Promise<void> {
    await this.#store.saveRevisions(change);
    await this.load();
  }
}
