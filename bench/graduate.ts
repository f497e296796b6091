import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../daemon/clock.ts';
import { PlanBook } from '../daemon/policies/plans/plan-book.ts';
import { PolicyEngine } from '../daemon/policies/policy-engine.ts';
import { RemovalLedger } from '../daemon/policies/removal-ledger.ts';
import { run } from '../daemon/process/run.ts';
import { Secrets } from '../daemon/secrets/secrets.ts';
import { openSqliteStore } from '../daemon/store/sqlite-store.ts';
import type { HostState } from '../state-schema/host-state.ts';
import type { Bench, Measurement } from './bench.ts';
import { timeIt } from './time-it.ts';

const GOAL_RATIO = 1.3;
const FILES = 2_000;
const FILE_BYTES = 256 * 1024;
const PATH = process.env.PATH ?? '';

/** A whole graduation to another disk, held against copying the tree and hashing it. */
export const graduateBench: Bench = {
  name: 'graduate',
  goal: `moving ${FILES} files to another disk takes at most ${GOAL_RATIO} times what rsync -a and sha256sum take on the same tree`,
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-graduate-'));
  // Another file system on every Linux machine, and no disk whose speed would hide ours.
  const other = await mkdtemp('/dev/shm/anchord-bench-graduate-');
  try {
    const from = join(folder, 'active');
    await makeTree(join(from, 'project'));
    const baselineValue = await timeIt(() => copyAndHash(join(from, 'project'), join(other, 'baseline')));
    await rm(join(other, 'baseline'), { recursive: true });
    const value = await graduate({ folder, from, to: other });
    const ratio = value / baselineValue;
    const baseline = 'rsync -a and sha256sum';
    return [{ value, unit: 'ms', baseline, baselineValue, ratio, ok: ratio <= GOAL_RATIO }];
  } finally {
    for (const path of [folder, other]) await rm(path, { recursive: true, force: true });
  }
}

async function makeTree(project: string): Promise<void> {
  for (let index = 0; index < FILES; index++) {
    const dir = join(project, String(index % 50));
    if (index < 50) await mkdir(dir, { recursive: true });
    await writeFile(join(dir, String(index)), randomBytes(FILE_BYTES));
  }
}

async function copyAndHash(from: string, to: string): Promise<void> {
  await call('rsync', '-a', `${from}/`, to);
  await call('sh', '-c', 'find "$1" -type f -print0 | xargs -0 sha256sum > /dev/null', 'sh', from);
}

async function call(program: string, ...args: readonly string[]): Promise<void> {
  const result = await run({ program, args, env: { PATH } });
  if (result.code !== 0) throw new Error(`${program}: ${result.end} ${result.stderr}`);
}

/** Milliseconds of one run, from its beginning to its outcome. */
async function graduate(place: {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
}): Promise<number> {
  const { folder: stateDir, from, to } = place;
  const settings = { allow: {}, overrides: {} };
  await using store = await openSqliteStore({ file: join(stateDir, 'anchord.db') });
  // Years ahead, so that everything is old.
  const now = new Date(systemClock.now().getTime() + 10 * 365 * 24 * 60 * 60_000);
  const clock = { now: () => now, monotonic: () => systemClock.monotonic() };
  await using engine = new PolicyEngine({
    store,
    clock,
    stateDir,
    emit: () => {},
    host: 'bench',
    root: '/',
    path: PATH,
    settings,
    secrets: new Secrets({ ...settings, root: '/' }),
    guard: () => Promise.resolve(undefined),
    clockFault: () => Promise.resolve(undefined),
    plans: new PlanBook({ store, stateDir, clock, acceptsFirst: true }),
    ledger: new RemovalLedger(join(stateDir, 'removals.jsonl')),
  });
  engine.declare(stateOf({ kind: 'graduate', from, to, after: '1d', schedule: '0 3 * * *' }));
  return await timeIt(async () => {
    const started = await engine.runNow('graduate');
    const ended = started.kind === 'started' ? await started.ended : started.fault;
    if (!('moved' in ended) || ended.moved !== 1) throw new Error(ended.message ?? 'nothing was moved');
  });
}

function stateOf(graduate: HostState['policies'][string]): HostState {
  return {
    host: { name: 'bench', timezone: 'UTC' },
    volumes: {},
    directories: {},
    links: {},
    users: {},
    shares: {},
    remotes: {},
    secrets: {},
    policies: { graduate },
    sources: {},
    clients: {},
    notify: [],
  };
}
