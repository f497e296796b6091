import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from './bench-daemon.ts';
import type { Bench, Measurement } from './bench.ts';
import { commitAndPush, git, pushTree } from './push-tree.ts';
import { appears, stateOf } from './pushed-directory.ts';
import { medianOf, timeIt } from './time-it.ts';

const PUSHES = 9;
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
  const { clone } = await pushTree(bare, stateOf(0));
  const onlyFetches = join(folder, 'fetches.git');
  await git(folder, 'clone', '--quiet', '--mirror', bare, onlyFetches);
  try {
    const daemon = await startDaemon(folder, { repository: { url: bare } }, stop.signal);
    const waits: number[] = [];
    const fetches: number[] = [];
    for (let push = 1; push <= PUSHES; push += 1) {
      const files = stateOf(push);
      const there = appears(daemon.root, files);
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
