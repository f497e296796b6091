import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ClockWatch } from '../../daemon/clock-trust/clock-watch.ts';
import type { Clock } from '../../daemon/clock.ts';
import type { Fault } from '../../daemon/errors.ts';
import type { AnchordEvent } from '../../daemon/events.ts';
import { PlanBook } from '../../daemon/policies/plans/plan-book.ts';
import { RemovalLedger } from '../../daemon/policies/removal-ledger.ts';
import { PolicyEngine } from '../../daemon/policies/policy-engine.ts';
import type { PolicyParts } from '../../daemon/policies/policy-parts.ts';
import { Secrets } from '../../daemon/secrets/secrets.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { Store } from '../../daemon/store/store.ts';
import type { AllowSettings, OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { BackupPolicy, Policy } from '../../state-schema/generated/state-file.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

/** The password of every repository of this process's rigs: to be looked for where it must not be. */
export const PASSWORD: string = `password-${randomUUID()}`;
/** Folder of the restic to test with, to try another version than the installed one. */
export const RESTIC_DIR: string = process.env['ANCHORD_TEST_RESTIC_DIR'] ?? '/usr/bin';

/** A host in a folder, with a real store, real restic and a clock that the test sets. */
export interface PolicyRig extends AsyncDisposable {
  readonly folder: string;
  readonly root: string;
  readonly stateDir: string;
  readonly store: Store;
  readonly engine: PolicyEngine;
  readonly ledger: RemovalLedger;
  readonly events: AnchordEvent[];
  /** What the guards answer, by host path. */
  readonly faults: Map<string, Fault>;
  /** What holds every schedule back. */
  readonly held: { fault?: Fault };
  /** What the clock of the rig says. */
  now(): Date;
  /** Lets time pass until then. */
  setTime(time: string): void;
  /** Somebody sets the clock; no time passes. */
  setClock(time: string): void;
  /** Calls for each event from now on, right while it is told. */
  listen(onEvent: (event: AnchordEvent) => void): void;
  /** Waits for the next event of a kind; ask before causing it. */
  next<Kind extends AnchordEvent['kind']>(kind: Kind): Promise<Extract<AnchordEvent, { kind: Kind }>>;
  write(hostPath: string, content: string): Promise<string>;
  /** Runs a policy now, to its end. */
  runToEnd(name: string): Promise<Run>;
  /** restic on a repository of this rig, apart from anchord. */
  restic(repository: string, ...args: readonly string[]): Promise<string>;
}

/** What a rig is made of, when not of the usual. */
export interface RigOptions {
  readonly policies?: Readonly<Record<string, Policy>>;
  /** A whole host state, in the place of one with nothing but policies. */
  readonly state?: HostState;
  /** What the clock says at first; noon UTC of a Saturday. */
  readonly start?: string;
  /** An existing folder, to come back to it as after a restart. */
  readonly folder?: string;
  readonly path?: string;
  /** Folder of another restic than the one that is tested with everywhere. */
  readonly resticDir?: string;
  /** Runs restic without root's power to read every file. */
  readonly weak?: boolean;
  /** Freeze hooks of the host settings, for a rig in this folder. */
  readonly hooks?: (folder: string) => NonNullable<AllowSettings['hooks']>;
  readonly lockWaitMs?: number;
  /** Without it nothing is tried again. */
  readonly retryPausesMs?: readonly number[];
  /** What the host settings put in the place of the state repo's word. */
  readonly overrides?: OverrideSettings;
  /** Accepts the first removal of each policy by itself, as the demo does. */
  readonly acceptsFirst?: boolean;
}

/** A usual backup policy: hourly, from /flux into /space/repo. */
export function backupPolicy(change: Partial<BackupPolicy> = {}): BackupPolicy {
  return {
    kind: 'backup',
    source: '/flux',
    repository: '/space/repo',
    password: { secret: 'restic' },
    schedule: '0 * * * *',
    ...change,
  };
}

/** A host state with nothing but policies. */
export function stateWith(policies: Readonly<Record<string, Policy>>): HostState {
  return {
    host: { name: 'motoko', timezone: 'America/New_York' },
    volumes: {},
    directories: {},
    links: {},
    users: {},
    shares: {},
    remotes: {},
    secrets: { restic: { from: 'env-file', file: 'credentials', key: 'RESTIC_PASSWORD' } },
    policies,
    sources: {},
    clients: {},
    notify: [],
  };
}

/** Builds a rig at noon UTC, with `/flux/a.txt` to back up and the policies declared. */
export async function policyRig(options: RigOptions = {}): Promise<PolicyRig> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'anchord-policies-')));
  const root = join(folder, 'host');
  const resticDir = options.resticDir ?? RESTIC_DIR;
  const path = await pathOf(options, { folder, resticDir });
  const stateDir = join(folder, 'state');
  const isNew = options.folder === undefined;
  await mkdir(stateDir, { recursive: true });
  for (const name of ['flux', 'space', 'etc']) await mkdir(join(root, name), { recursive: true });
  const store = await openSqliteStore({ file: join(stateDir, 'anchord.db') });
  const emitter = new EventEmitter();
  const events: AnchordEvent[] = [];
  const faults = new Map<string, Fault>();
  let now = startOf(options);
  let passed = 0;
  const held: { fault?: Fault } = {};
  const clock: Clock = { now: () => now, monotonic: () => performance.now() };
  const clockWatch = new ClockWatch({
    store,
    clock,
    elapsed: () => passed,
    boot: 'this one',
    isSynchronised: () => Promise.resolve(undefined),
  });
  const settings = {
    allow: {
      secrets: { files: { credentials: '/etc/credentials' } },
      ...(options.hooks === undefined ? {} : { hooks: options.hooks(folder) }),
    },
    overrides: options.overrides ?? {},
  };
  const ledger = new RemovalLedger(join(stateDir, 'removals.jsonl'));
  const parts: PolicyParts = {
    store,
    clock,
    root,
    stateDir,
    emit(event) {
      events.push(event);
      emitter.emit(event.kind, event);
      emitter.emit('any', event);
    },
    host: 'motoko',
    path,
    settings,
    secrets: new Secrets({ ...settings, root }),
    guard: (hostPath) => Promise.resolve(faults.get(hostPath)),
    clockFault: () => clockWatch.fault(),
    ledger,
    plans: new PlanBook({ store, stateDir, clock, acceptsFirst: options.acceptsFirst ?? false }),
    held: () => held.fault,
    lockWaitMs: options.lockWaitMs ?? PATIENCE_MS,
    retryPausesMs: options.retryPausesMs ?? [],
  };
  const engine = new PolicyEngine(parts);
  engine.declare(stateOf(options));
  const rig: PolicyRig = {
    folder,
    root,
    stateDir,
    store,
    engine,
    ledger,
    events,
    faults,
    held,
    now: () => now,
    setTime(time) {
      passed += Date.parse(time) - now.getTime();
      now = new Date(time);
    },
    setClock(time) {
      now = new Date(time);
    },
    listen(onEvent) {
      emitter.on('any', onEvent);
    },
    async next(kind) {
      const [event] = (await once(emitter, kind)) as [Extract<AnchordEvent, { kind: typeof kind }>];
      return event;
    },
    async write(hostPath, content) {
      const file = join(root, hostPath);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, 0o600);
      return file;
    },
    async runToEnd(name) {
      const result = await engine.runNow(name);
      assert.ok(result.kind === 'started', result.kind === 'refused' ? result.fault.message : '');
      return await result.ended;
    },
    async restic(repository, ...args) {
      const env = {
        PATH: '/usr/bin:/bin',
        HOME: folder,
        RESTIC_PASSWORD: PASSWORD,
        RESTIC_REPOSITORY: join(root, repository),
        RESTIC_CACHE_DIR: join(folder, 'test-cache'),
      };
      return (await promisify(execFile)(join(resticDir, 'restic'), args, { env })).stdout;
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (isNew) {
    await rig.write('/etc/credentials', `RESTIC_PASSWORD=${PASSWORD}\n`);
    await rig.write('/flux/a.txt', 'one');
  }
  return rig;
}

function stateOf({ state, policies }: RigOptions): HostState {
  return state ?? stateWith(policies ?? { local: backupPolicy() });
}

function startOf({ start }: RigOptions): Date {
  return new Date(start ?? '2026-11-21T12:00:00Z');
}

/**
 * Gives a policy its repository. Making one costs a second of a core, on purpose, so that those on a disk are copies of
 * the first that this process made.
 */
export async function initialised(rig: PolicyRig, name = 'local'): Promise<PolicyRig> {
  const repository = (await rig.engine.statuses(new Date())).find((one) => one.name === name)?.target ?? '';
  const place = join(rig.root, repository);
  if (firstMade !== undefined && repository.startsWith('/') && !existsSync(place)) {
    cpSync(firstMade.copy, place, { recursive: true, preserveTimestamps: true });
    await rig.store.rememberRepository(repository, firstMade.id);
    return rig;
  }
  const result = await rig.engine.init(name);
  assert.ok(result.kind !== 'refused', result.kind === 'refused' ? result.fault.message : '');
  const id = (await rig.store.repositoryIds()).get(repository);
  if (repository.startsWith('/') && id !== undefined) keepCopy(place, id);
  return rig;
}

let firstMade: { readonly copy: string; readonly id: string } | undefined;

function keepCopy(place: string, id: string): void {
  if (firstMade !== undefined) return;
  const copy = mkdtempSync(join(tmpdir(), 'anchord-made-'));
  cpSync(place, copy, { recursive: true, preserveTimestamps: true });
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  firstMade = { copy, id };
}

async function pathOf(
  options: RigOptions,
  { folder, resticDir }: { readonly folder: string; readonly resticDir: string },
): Promise<string> {
  const path = `${resticDir}:/usr/sbin:/usr/bin:/sbin:/bin`;
  return options.weak === true ? `${await weakRestic(folder, resticDir)}:${path}` : (options.path ?? path);
}

/** A folder for PATH with the real restic, still root, but bound to what the modes of files say. */
async function weakRestic(folder: string, resticDir: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  const script = `#!/bin/sh\nexec setpriv --bounding-set=-dac_override,-dac_read_search -- ${resticDir}/restic "$@"\n`;
  await writeFile(join(bin, 'restic'), script, { mode: 0o755 });
  return bin;
}
