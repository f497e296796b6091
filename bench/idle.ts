import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Status } from '../state-schema/generated/status.ts';
import type { Bench, Measurement } from './bench.ts';
import { git } from './push-tree.ts';

const MAIN = fileURLToPath(new URL('../daemon/main.js', import.meta.url));
/** After a push has been carried out, threads and memory that it needed may stay for a while. Milliseconds. */
const SETTLE_MS = 90_000;
const WATCHED_MS = 60_000;
/** Clock ticks of /proc/PID/stat; 100 a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const MOST_BEYOND_MIB = 80;
const MOST_CPU_SECONDS = 0.6;

/** What the daemon costs while nothing happens. */
export const idleBench: Bench = {
  name: 'idle',
  goal: `the idle daemon of the example host needs at most ${MOST_BEYOND_MIB} MiB more than an empty Node process, and 1 % of a processor`,
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  const demo = join(folder, 'demo');
  const empty = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
  try {
    // The demo makes the example host; then it runs as any host does.
    await runUntilReady(['demo', '--dir', demo, '--listen', '127.0.0.1:0'], async ({ child }) => stop(child));
    return await runUntilReady(['run', '--config', join(demo, 'anchord.yaml')], async (daemon) => {
      await pushTo(daemon, join(demo, 'upstream.git'), folder);
      await sleep(SETTLE_MS);
      const before = cpuSeconds(daemon.child);
      await sleep(WATCHED_MS);
      const figures = [
        memoryFigure('Pss', daemon.child, empty),
        memoryFigure('Rss', daemon.child, empty),
        cpuFigure(cpuSeconds(daemon.child) - before),
      ];
      await stop(daemon.child);
      return figures;
    });
  } finally {
    empty.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

/** `Pss` shares out what processes have in common, which the goal is about; `Rss` is what most tools show. */
function memoryFigure(what: 'Pss' | 'Rss', daemon: ChildProcess, empty: ChildProcess): Measurement {
  const value = memoryMib(daemon, what);
  const baselineValue = memoryMib(empty, what);
  return {
    what: `memory (${what})`,
    value,
    unit: 'MiB',
    baseline: 'empty Node process',
    baselineValue,
    ratio: value / baselineValue,
    ok: value - baselineValue <= MOST_BEYOND_MIB,
  };
}

function cpuFigure(value: number): Measurement {
  return {
    what: 'processor time in a minute',
    value,
    unit: 's',
    baseline: 'a minute',
    baselineValue: WATCHED_MS / 1000,
    ratio: (value * 1000) / WATCHED_MS,
    ok: value <= MOST_CPU_SECONDS,
  };
}

interface RunningDaemon {
  readonly child: ChildProcess;
  readonly url: string;
}

async function runUntilReady<Result>(
  args: readonly string[],
  use: (daemon: RunningDaemon) => Promise<Result>,
): Promise<Result> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  try {
    const url = await urlOf(child);
    await untilApplied(url, () => true);
    return await use({ child, url });
  } finally {
    child.kill('SIGKILL');
  }
}

/** The first address it prints, as words or as JSON. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text = `${text}${chunk}`.slice(-4096);
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => reject(new Error(`the daemon ended: ${text}`)));
  });
}

async function untilApplied(url: string, isIt: (revision: string) => boolean): Promise<void> {
  for (;;) {
    const { source } = (await (await fetch(new URL('status.json', url))).json()) as Status;
    if (source.applied !== undefined && isIt(source.applied)) return;
    await sleep(200);
  }
}

async function pushTo({ url }: RunningDaemon, upstream: string, folder: string): Promise<void> {
  const clone = join(folder, 'clone');
  await git(folder, 'clone', '--quiet', upstream, clone);
  const file = join(clone, 'hosts/motoko/directories.yaml');
  writeFileSync(file, `${await readFile(file, 'utf8')}  /flux/active/bench: {}\n`);
  await git(clone, 'commit', '--quiet', '--all', '--message', 'one more directory');
  await git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
  const revision = (await git(clone, 'rev-parse', 'HEAD')).trim();
  await untilApplied(url, (applied) => applied === revision);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}

function memoryMib({ pid }: ChildProcess, what: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
}

/** User and system time, of the programs it ran and waited for, too. */
function cpuSeconds({ pid }: ChildProcess): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}
