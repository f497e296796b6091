import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../daemon/clock.ts';
import { mirror } from '../daemon/mirror/mirror.ts';
import type { MirrorJob } from '../daemon/mirror/mirror-job.ts';
import type { PolicyParts } from '../daemon/policies/policy-parts.ts';
import { PlanBook } from '../daemon/policies/plans/plan-book.ts';
import { RemovalLedger } from '../daemon/policies/removal-ledger.ts';
import { run } from '../daemon/process/run.ts';
import { Secrets } from '../daemon/secrets/secrets.ts';
import { openSqliteStore } from '../daemon/store/sqlite-store.ts';
import type { HostState } from '../state-schema/host-state.ts';
import type { Bench, Measurement } from './bench.ts';
import { medianTime } from './time-it.ts';

const FILES = 20_000;
const FOLDERS = 200;
const TIMES = 5;
const MOST_OF_BARE = 3;
const PATH = process.env.PATH ?? '';

/** A mirror of many files of which nothing changed, against the rclone that it is made with. */
export const mirrorBench: Bench = {
  name: 'mirror',
  goal: `a mirror of ${FILES} unchanged files, measured, planned and judged, takes at most ${MOST_OF_BARE} × a bare rclone sync`,
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  await using store = await openSqliteStore({ file: join(folder, 'store.sqlite') });
  try {
    const source = join(folder, 'root/space');
    await makeTree(source);
    const parts = partsOf(folder, store);
    const job = jobOf();
    await bare(folder, source);
    const once = await mirror(job, parts);
    if (once.outcome !== 'ok') throw new Error(`the mirror was ${once.outcome}: ${once.message}`);
    const value = await medianTime(TIMES, () => mirror(job, parts));
    const baselineValue = await medianTime(TIMES, () => bare(folder, source));
    const ratio = value / baselineValue;
    const baseline = 'rclone sync';
    return [{ value, unit: 'ms', baseline, baselineValue, ratio, ok: ratio <= MOST_OF_BARE }];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeTree(source: string): Promise<void> {
  for (let index = 0; index < FOLDERS; index++) await mkdir(join(source, `d${index}`), { recursive: true });
  for (let index = 0; index < FILES; index++)
    await writeFile(join(source, `d${index % FOLDERS}`, `f${index}`), `${index}`);
}

async function bare(folder: string, source: string): Promise<void> {
  const env = {
    PATH,
    RCLONE_CONFIG: '',
    RCLONE_CONFIG_CLOUD_TYPE: 'alias',
    RCLONE_CONFIG_CLOUD_REMOTE: folder,
  };
  const { code, stderr } = await run({ program: 'rclone', args: ['sync', source, 'cloud:mirror'], env });
  if (code !== 0) throw new Error(stderr);
}

function partsOf(folder: string, store: PolicyParts['store']): PolicyParts {
  const settings = {
    allow: {},
    overrides: { remotes: { cloud: { type: 'alias', remote: folder } } },
  };
  const root = join(folder, 'root');
  const stateDir = join(folder, 'state');
  const clock = systemClock;
  return {
    store,
    clock,
    emit() {},
    host: 'bench',
    root,
    stateDir,
    path: PATH,
    settings,
    secrets: new Secrets({ ...settings, root }),
    guard: () => Promise.resolve(undefined),
    clockFault: () => Promise.resolve(undefined),
    ledger: new RemovalLedger(join(stateDir, 'removals.jsonl')),
    plans: new PlanBook({ store, stateDir, clock, acceptsFirst: true }),
  };
}

function jobOf(): MirrorJob {
  const state: HostState = {
    host: { name: 'bench', timezone: 'UTC' },
    volumes: {},
    directories: {},
    links: {},
    users: {},
    shares: {},
    remotes: {},
    secrets: {},
    policies: {},
    sources: {},
    clients: {},
    notify: [],
  };
  return {
    name: 'space',
    policy: { kind: 'mirror', source: '/space', destination: 'cloud:mirror', schedule: '0 4 * * *' },
    state,
    runId: 'bench',
    trigger: 'person',
    signal: new AbortController().signal,
    lock: 2,
    onProgress() {},
  };
}
