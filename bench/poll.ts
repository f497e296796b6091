import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateRepo } from '../daemon/git/state-repo.ts';
import type { Bench, Measurement } from './bench.ts';
import { LARGE, largeState } from './large-state.ts';
import { serveGit } from './http-remote.ts';
import { git, pushTree } from './push-tree.ts';
import { medianTime } from './time-it.ts';

const TIMES = 7;
const MOST_OF_LS_REMOTE = 1.5;

/** What it costs to ask a remote every minute and hear nothing new. */
export const pollBench: Bench = {
  name: 'poll',
  goal: 'a poll that finds nothing costs one listing of refs, and moves no object',
  run: measure,
};

async function measure(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-bench-'));
  try {
    await pushTree(join(folder, 'state.git'), largeState(LARGE).files);
    await using remote = await serveGit(folder);
    const url = `${remote.url}/state.git`;
    const dir = join(folder, 'mirror.git');
    const repo = await StateRepo.open({
      dir,
      url,
      branch: 'main',
      path: process.env.PATH ?? '',
      home: folder,
    });
    const revision = await repo.fetch();
    await repo.readState(revision, 'bench');
    const before = await objectsIn(dir);

    remote.takeCount();
    await git(folder, 'ls-remote', url, 'refs/heads/main');
    const requestsOfGit = remote.takeCount();
    await repo.tip();
    const requestsOfPoll = remote.takeCount();
    const poll = await medianTime(TIMES, () => repo.tip());
    const lsRemote = await medianTime(TIMES, () => git(folder, 'ls-remote', url, 'refs/heads/main'));
    const moved = (await objectsIn(dir)) - before;

    return [
      {
        what: 'requests',
        value: requestsOfPoll,
        unit: 'requests',
        baseline: 'git ls-remote of one ref',
        baselineValue: requestsOfGit,
        ratio: requestsOfPoll / requestsOfGit,
        ok: requestsOfPoll <= requestsOfGit && moved === 0,
      },
      {
        what: 'time',
        value: poll,
        unit: 'ms',
        baseline: 'git ls-remote of one ref',
        baselineValue: lsRemote,
        ratio: poll / lsRemote,
        ok: poll / lsRemote <= MOST_OF_LS_REMOTE,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How many objects a repository holds, packed or not. */
async function objectsIn(dir: string): Promise<number> {
  const listing = await git(dir, 'cat-file', '--batch-check', '--batch-all-objects');
  return listing.split('\n').filter((line) => line !== '').length;
}
