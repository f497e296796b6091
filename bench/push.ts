import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDaemon, type DaemonOptions } from '../daemon/daemon.ts';
import { adoptVolume } from '../daemon/guards/adopt-volume.ts';
import { openHost, type Host } from '../daemon/host.ts';
import { completeSettings } from '../daemon/settings/host-settings.ts';
import type { Bench, Measurement } from './bench.ts';
import { largeState } from './large-state.ts';
import { commitAndPush, git, pushTree } from './push-tree.ts';
import { medianOf, timeIt } from './time-it.ts';

const PUSHES = 9;
const DIRECTORIES = 50;
const GOAL_BEYOND_FETCH_MS = 300;

/** How long a person waits at the shell for what was pushed. */
export const pushBench: Bench = {
  name: 'push',
  goal: 'a pushed directory is there less than 300 ms (median) later than a git fetch of that commit takes',
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  const stop = new AbortController();
  const bare = join(folder, 'state.git');
  const { clone } = await pushTree(bare, stateWith(DIRECTORIES));
  const onlyFetches = join(folder, 'fetches.git');
  await git(folder, 'clone', '--quiet', '--mirror', bare, onlyFetches);
  try {
    const daemon = await startDaemon(folder, stop.signal);
    const waits: number[] = [];
    const fetches: number[] = [];
    for (let push = 1; push <= PUSHES; push += 1) {
      const files = stateWith(DIRECTORIES + push);
      const there = appears(join(daemon.root, newestOf(files)));
      await commitAndPush(clone, files);
      waits.push(await timeIt(() => there));
      fetches.push(await timeIt(() => git(onlyFetches, 'fetch', '--quiet')));
    }
    stop.abort('the bench is over');
    await daemon.ended;
    return [figureOf(medianOf(waits), medianOf(fetches))];
  } finally {
    stop.abort('the bench is over');
    await rm(folder, { recursive: true, force: true });
  }
}

function figureOf(wait: number, fetch: number): Measurement {
  return {
    value: wait,
    unit: 'ms',
    baseline: 'git fetch of that commit',
    baselineValue: fetch,
    ratio: wait / fetch,
    ok: wait - fetch < GOAL_BEYOND_FETCH_MS,
  };
}

function stateWith(directories: number): ReadonlyMap<string, string> {
  return largeState({ directories, links: 5, policies: 0 }).files;
}

/** The last directory that a state declares. */
function newestOf(files: ReadonlyMap<string, string>): string {
  const names = [...(files.get('hosts/bench/directories.yaml') ?? '').matchAll(/^ {2}(\/.+):$/gm)];
  return names.at(-1)?.[1] ?? '';
}

/** Resolves when a path exists whose parent exists already. */
function appears(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(join(path, '..'), () => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    });
  });
}

interface RunningDaemon {
  /** Prefix of every host path. */
  readonly root: string;
  readonly ended: Promise<void>;
}

/** The daemon itself, in this process, watching the repository; resolves when its first round is over. */
async function startDaemon(folder: string, signal: AbortSignal): Promise<RunningDaemon> {
  const root = join(folder, 'root');
  await mkdir(join(root, 'flux'), { recursive: true });
  const settings = completeSettings({
    host: 'bench',
    repository: { url: join(folder, 'state.git') },
    stateDir: join(folder, 'state'),
    root,
    listen: '127.0.0.1:0',
  });
  const host = await openHost(settings, { path: process.env.PATH ?? '' });
  const remember = host.store.rememberVolume.bind(host.store);
  await adoptVolume('flux', { mount: '/flux', label: 'flux' }, { ...host.guards, remember });
  const ended = { promise: Promise.resolve() };
  await new Promise<void>((resolve, reject) => {
    ended.promise = runAndClose(host, { signal, afterRound: async () => resolve() });
    ended.promise.catch(reject);
  });
  return { root, ended: ended.promise };
}

async function runAndClose(host: Host, options: DaemonOptions): Promise<void> {
  await using opened = host;
  await runDaemon(opened, options);
}
