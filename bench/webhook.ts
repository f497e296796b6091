import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOK_PACE_MS } from '../daemon/http/paced-look.ts';
import { startDaemon } from './bench-daemon.ts';
import type { Bench, Measurement } from './bench.ts';
import { serveGit } from './http-remote.ts';
import { commitAndPush, git, pushTree } from './push-tree.ts';
import { appears, stateOf } from './pushed-directory.ts';
import { medianOf, timeIt } from './time-it.ts';

const PUSHES = 9;
const GOAL_BEYOND_FETCH_MS = 300;

/** How long after a forge called it is so. */
export const webhookBench: Bench = {
  name: 'webhook',
  goal: 'a directory is there less than 300 ms (median) after its webhook was called, beyond what a git fetch of that commit takes',
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  const stop = new AbortController();
  const bare = join(folder, 'state.git');
  const secret = randomBytes(32).toString('hex');
  const webhookSecret = join(folder, 'webhook-secret');
  try {
    await writeFile(webhookSecret, secret, { mode: 0o600 });
    const { clone } = await pushTree(bare, stateOf(0));
    await using remote = await serveGit(folder);
    const url = `${remote.url}/state.git`;
    const onlyFetches = join(folder, 'fetches.git');
    await git(folder, 'clone', '--quiet', '--mirror', url, onlyFetches);
    // Over http it is not watched, and for an hour not asked: the webhook alone tells of a push.
    const repository = { url, interval: '1h', webhookSecret };
    const daemon = await startDaemon(folder, { repository, status: { url: bare } }, stop.signal);
    const waits: number[] = [];
    const fetches: number[] = [];
    for (let push = 1; push <= PUSHES; push += 1) {
      // Calls that follow each other sooner are made to wait, which is not what is measured.
      await sleep(LOOK_PACE_MS);
      const files = stateOf(push);
      const there = appears(daemon.root, files);
      await commitAndPush(clone, files);
      waits.push(await timeIt(() => Promise.all([there, callHook(daemon.url, secret)])));
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

async function callHook(url: string, secret: string): Promise<void> {
  const body = '{"ref":"refs/heads/main"}';
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'x-hub-signature-256': `sha256=${signature}` };
  const answer = await fetch(new URL('hooks/push', url), { method: 'POST', body, headers });
  if (answer.status !== 202) throw new Error(`the webhook answered ${answer.status}`);
}
