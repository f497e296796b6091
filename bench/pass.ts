import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../daemon/clock.ts';
import { FileService } from '../daemon/files/file-service.ts';
import { AdoptedDisks } from '../daemon/guards/adopted-disks.ts';
import { adoptVolume } from '../daemon/guards/adopt-volume.ts';
import { GuardMemory } from '../daemon/guards/guard-memory.ts';
import { run } from '../daemon/process/run.ts';
import { Flaps } from '../daemon/reconcile/flaps.ts';
import { Inventory } from '../daemon/reconcile/inventory.ts';
import { applyPass, preparePass } from '../daemon/reconcile/run-pass.ts';
import { desire } from '../daemon/resources/desire.ts';
import { sambaPlace } from '../daemon/samba/samba-place.ts';
import { Shares } from '../daemon/samba/shares.ts';
import { openSqliteStore } from '../daemon/store/sqlite-store.ts';
import type { Bench, Measurement } from './bench.ts';
import { LARGE, largeState } from './large-state.ts';
import { medianOf, medianTime, timeIt } from './time-it.ts';

const WORLDS = 3;
const TIMES = 7;
const MOST_OF_TMPFILES_FROM_NOTHING = 1.5;
const MOST_OF_TMPFILES_UNCHANGED = 1;
const MOST_OF_LSTAT = 3;
const { state } = largeState(LARGE);

/** A whole pass over a large host, against the program that every Debian makes directories with. */
export const passBench: Bench = {
  name: 'pass',
  goal: 'a pass over 10,000 directories costs at most 1.5 × systemd-tmpfiles when it makes them all, and no more than it when nothing changed',
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const passes: number[] = [];
  const creates: number[] = [];
  for (let time = 1; time < WORLDS; time += 1) {
    await using world = await smallWorld();
    passes.push(await timeIt(world.pass));
    creates.push(await timeIt(await tmpfilesOf(join(world.folder, 'tmpfiles'))));
  }
  await using world = await smallWorld();
  const tmpfiles = await tmpfilesOf(join(world.folder, 'tmpfiles'));
  passes.push(await timeIt(world.pass));
  creates.push(await timeIt(tmpfiles));

  const passUnchanged = await medianTime(TIMES, world.pass);
  const tmpfilesUnchanged = await medianTime(TIMES, tmpfiles);
  const lstat = await medianTime(TIMES, () => lstatAll(world.root));

  return [
    against({
      what: 'from nothing',
      value: medianOf(passes),
      baseline: 'systemd-tmpfiles --create from nothing',
      baselineValue: medianOf(creates),
      most: MOST_OF_TMPFILES_FROM_NOTHING,
    }),
    against({
      what: 'nothing changed',
      value: passUnchanged,
      baseline: 'systemd-tmpfiles --create again',
      baselineValue: tmpfilesUnchanged,
      most: MOST_OF_TMPFILES_UNCHANGED,
    }),
    against({
      what: 'nothing changed, against the least',
      value: passUnchanged,
      baseline: 'an lstat of each path',
      baselineValue: lstat,
      most: MOST_OF_LSTAT,
    }),
  ];
}

function against(figure: {
  readonly what: string;
  readonly value: number;
  readonly baseline: string;
  readonly baselineValue: number;
  readonly most: number;
}): Measurement {
  const { most, ...rest } = figure;
  const ratio = rest.value / rest.baselineValue;
  return { ...rest, unit: 'ms', ratio, ok: ratio <= most };
}

interface World extends AsyncDisposable {
  readonly folder: string;
  /** Prefix of every host path. */
  readonly root: string;
  readonly pass: () => Promise<unknown>;
}

/** What a daemon holds between two passes: an adopted volume, a store, an inventory and a file worker that is warm. */
async function smallWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  const root = join(folder, 'root');
  await mkdir(join(root, 'flux'), { recursive: true });
  const store = await openSqliteStore({ file: join(folder, 'store.sqlite') });
  const files = new FileService(root);
  const disks = new AdoptedDisks(store);
  const guards = {
    root,
    mountinfo: '/proc/self/mountinfo',
    path: '',
    host: 'bench',
    adopted: () => disks.all(),
    memory: new GuardMemory(),
  };
  for (const [name, volume] of Object.entries(state.volumes)) {
    await adoptVolume(name, volume, { ...guards, remember: (id, disk) => disks.remember(id, disk) });
  }
  const desired = desire(state, { root, owners: { kind: 'simulated' } });
  await files.ask({ kind: 'declare', wants: desired.files });
  const clock = systemClock;
  const shares = new Shares(sambaPlace({ root, stateDir: folder, path: '', serves: false }), clock);
  const flaps = await Flaps.load({ store, clock });
  const parts = { store, files, guards, shares, inventory: await Inventory.load(store), clock, flaps };
  return {
    folder,
    root,
    pass: async () => applyPass(await preparePass(state, desired, parts), parts),
    async [Symbol.asyncDispose]() {
      await files[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same directories, by a program in C. */
async function tmpfilesOf(root: string): Promise<() => Promise<void>> {
  const file = `${root}.conf`;
  const lines = Object.entries(state.directories).map(
    ([path, { mode }]) => `d ${root}${path} ${mode ?? '-'} - -`,
  );
  await mkdir(root);
  await writeFile(file, `${lines.join('\n')}\n`);
  return async () => {
    const result = await run({
      program: 'systemd-tmpfiles',
      args: ['--create', file],
      env: { PATH: process.env.PATH ?? '' },
    });
    if (result.code !== 0) throw new Error(`systemd-tmpfiles: ${result.end} ${result.stderr}`);
  };
}

async function lstatAll(root: string): Promise<void> {
  for (const path of Object.keys(state.directories)) lstatSync(root + path);
}
