import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostState } from '../../state-schema/host-state.ts';
import type { Clock } from '../../daemon/clock.ts';
import { FileService } from '../../daemon/files/file-service.ts';
import { AdoptedDisks } from '../../daemon/guards/adopted-disks.ts';
import { adoptVolume } from '../../daemon/guards/adopt-volume.ts';
import { GuardMemory } from '../../daemon/guards/guard-memory.ts';
import type { GuardParts } from '../../daemon/guards/volume-guard.ts';
import { Flaps } from '../../daemon/reconcile/flaps.ts';
import { Inventory } from '../../daemon/reconcile/inventory.ts';
import {
  applyPass,
  preparePass,
  type PassOutcome,
  type PreparedPass,
} from '../../daemon/reconcile/run-pass.ts';
import { desire } from '../../daemon/resources/desire.ts';
import type { Owners } from '../../daemon/resources/owners.ts';
import { sambaPlace } from '../../daemon/samba/samba-place.ts';
import { Shares } from '../../daemon/samba/shares.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { InventoryItem, Store } from '../../daemon/store/store.ts';
import { tempFolder, type TempFolder } from '../files/temp-folder.ts';

/** A host in a folder with a real store and a real file service, on which passes run. */
export class PassRig implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly store: Store;
  readonly files: FileService;
  readonly root: string;
  /** Names of the store's methods that wrote, since the last look. */
  writes: string[] = [];
  owners: Owners = { kind: 'simulated' };
  now: Date = new Date('2026-11-21T12:30:00Z');
  #inventory: Inventory;
  readonly #shares: Shares;
  readonly #memory = new GuardMemory();
  readonly #clock: Clock = { now: () => this.now, monotonic: () => performance.now() };
  #flaps!: Flaps;

  private constructor(folder: TempFolder, store: Store, inventory: Inventory) {
    this.#folder = folder;
    this.store = store;
    this.#inventory = inventory;
    this.root = join(folder.path, 'root');
    this.files = new FileService(this.root);
    const place = { root: this.root, stateDir: folder.path, path: process.env['PATH'] ?? '', serves: false };
    this.#shares = new Shares(sambaPlace(place), { monotonic: () => performance.now() });
  }

  static async make(): Promise<PassRig> {
    const folder = await tempFolder('pass');
    const writes: string[] = [];
    const store = noting(await openSqliteStore({ file: join(folder.path, 'anchord.db') }), writes);
    const rig = new PassRig(folder, store, await Inventory.load(store));
    await rig.restart();
    rig.writes = writes;
    mkdirSync(rig.at('/flux'), { recursive: true });
    mkdirSync(rig.outside);
    await rig.adopt('flux');
    return rig;
  }

  /** Where a host path really is. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** A folder that nothing may ever change. */
  get outside(): string {
    return join(this.#folder.path, 'outside');
  }

  get items(): ReadonlyMap<string, InventoryItem> {
    return this.#inventory.items;
  }

  get guards(): GuardParts {
    return {
      root: this.root,
      mountinfo: '/proc/self/mountinfo',
      path: process.env['PATH'] ?? '',
      host: 'motoko',
      adopted: () => new AdoptedDisks(this.store).all(),
      memory: this.#memory,
    };
  }

  async adopt(name: string): Promise<void> {
    const disks = new AdoptedDisks(this.store);
    await adoptVolume(name, { mount: `/${name}` }, { ...this.guards, remember: disks.remember.bind(disks) });
  }

  /** What a daemon that starts now would know. */
  async restart(): Promise<void> {
    this.#inventory = await Inventory.load(this.store);
    this.#flaps = await Flaps.load({ store: this.store, clock: this.#clock });
  }

  /** A person or a new revision says that everything may be put right again. */
  forgetFlaps(): Promise<void> {
    return this.#flaps.forget();
  }

  async prepare(state: HostState): Promise<PreparedPass> {
    const desired = desire(state, { root: this.root, owners: this.owners });
    await this.files.ask({ kind: 'declare', wants: desired.files });
    return preparePass(state, desired, this.#parts());
  }

  apply(prepared: PreparedPass): Promise<PassOutcome> {
    this.writes.length = 0;
    return applyPass(prepared, this.#parts());
  }

  async pass(state: HostState): Promise<PassOutcome> {
    return this.apply(await this.prepare(state));
  }

  /** State and reason of every managed resource, by id. */
  states(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.items.values()].map(({ id, state, reason }) => [
        id,
        reason === undefined ? state : `${state} ${reason}`,
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.files[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  #parts(): Parameters<typeof applyPass>[1] {
    const { files, store, guards } = this;
    const shared = { shares: this.#shares, inventory: this.#inventory, flaps: this.#flaps };
    return { files, store, guards, ...shared, clock: this.#clock };
  }
}

/** The store itself, noting each time that something is saved. */
function noting(store: Store, writes: string[]): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => {
        if (String(name).startsWith('save')) writes.push(String(name));
        return Reflect.apply(member, target, args);
      };
    },
  });
}
