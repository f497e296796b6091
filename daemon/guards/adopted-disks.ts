import type { Store } from '../store/store.ts';

/** The fact in which the UUIDs stand: a JSON object, volume to UUID. */
const FACT = 'volumes.uuids';

/** Which disk a person adopted as a volume. */
export interface AdoptedDisk {
  /** What its sentinel carries. */
  readonly id: string;
  /** UUID of its file system, where it had one: a sentinel can be copied to another disk, and this is not copied with it. */
  readonly uuid?: string;
}

/** The adopted disks of a host, kept in its store. */
export class AdoptedDisks {
  readonly #store: Pick<Store, 'volumeIds' | 'rememberVolume' | 'fact' | 'saveFact'>;
  #uuids: Promise<Map<string, string>> | undefined;

  constructor(store: Pick<Store, 'volumeIds' | 'rememberVolume' | 'fact' | 'saveFact'>) {
    this.#store = store;
  }

  /** Every adopted disk, by the name of its volume. */
  async all(): Promise<ReadonlyMap<string, AdoptedDisk>> {
    const [ids, uuids] = await Promise.all([this.#store.volumeIds(), this.#load()]);
    return new Map(
      [...ids].map(([name, id]) => {
        const uuid = uuids.get(name);
        return [name, uuid === undefined ? { id } : { id, uuid }];
      }),
    );
  }

  /** Remembers a disk as a volume. What is cut off between the two steps is mended by adopting again. */
  async remember(name: string, { id, uuid }: AdoptedDisk): Promise<void> {
    const uuids = await this.#load();
    const changed = new Map(uuids);
    if (uuid === undefined) changed.delete(name);
    else changed.set(name, uuid);
    await this.#store.saveFact(FACT, JSON.stringify(Object.fromEntries(changed)));
    this.#uuids = Promise.resolve(changed);
    await this.#store.rememberVolume(name, id);
  }

  /** Read once: while the store is open nobody else writes to it. */
  #load(): Promise<Map<string, string>> {
    this.#uuids ??= this.#store.fact(FACT).then(parseUuids);
    // What could not be read this time is read the next.
    this.#uuids.catch(() => (this.#uuids = undefined));
    return this.#uuids;
  }
}

/** A fact that is not what was saved says nothing: then the id alone tells the disk. */
function parseUuids(text: string | undefined): Map<string, string> {
  const entries = Object.entries(objectOf(text ?? '{}'));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
