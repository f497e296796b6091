import type { InventoryItem, Store } from '../store/store.ts';

/** What anchord manages on this host and how each thing was after the last pass; kept in memory and in the store. */
export class Inventory {
  readonly #store: Store;
  readonly #items: Map<string, InventoryItem>;

  private constructor(store: Store, items: Map<string, InventoryItem>) {
    this.#store = store;
    this.#items = items;
  }

  static async load(store: Store): Promise<Inventory> {
    return new Inventory(store, new Map((await store.inventory()).map((item) => [item.id, item])));
  }

  get items(): ReadonlyMap<string, InventoryItem> {
    return this.#items;
  }

  /** Writes what changed, and only that: a pass that changed nothing costs no write. */
  async record(change: {
    readonly put: readonly InventoryItem[];
    readonly remove: readonly string[];
  }): Promise<void> {
    if (change.put.length === 0 && change.remove.length === 0) return;
    await this.#store.saveInventory(change);
    for (const item of change.put) this.#items.set(item.id, item);
    for (const id of change.remove) this.#items.delete(id);
  }
}
