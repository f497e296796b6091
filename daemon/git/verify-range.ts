import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from './mirror.ts';
import { gitWords } from './git-words.ts';

/** Checking a signature starts two or three programs; so many are a minute or two. */
export const COMMITS_AT_ONCE = 2000;

/** Which commits come with a revision. */
export interface Range {
  /** Oldest first; one more than `COMMITS_AT_ONCE` when there are too many. */
  readonly commits: readonly string[];
  /** A commit of them whose parents are not in the mirror: history is cut off there. */
  readonly cutAt?: string;
}

/**
 * The commits that are in `revision` and not in `trusted`, second parents of merges and all. Without a trusted revision,
 * or with one that is nowhere any more, only the revision itself: the history before it is taken as a person found it.
 */
export async function rangeOf(mirror: Mirror, revision: string, trusted: string | undefined): Promise<Range> {
  if (trusted === undefined) return { commits: [revision] };
  // Behind a cut the trusted revision may still be; what is nowhere any more is what a person accepted a rewrite of.
  if (!(await mirror.has(trusted)))
    return { commits: [revision], ...((await mirror.isShallow()) ? { cutAt: revision } : {}) };
  const listed = await mirror.repository.run([
    'rev-list',
    '--topo-order',
    '--reverse',
    `--max-count=${COMMITS_AT_ONCE + 1}`,
    revision,
    `^${trusted}`,
    '--',
  ]);
  if (listed.code !== 0) throw new Error(`git rev-list failed: ${gitWords(listed)}`);
  const commits = listed.stdout.split('\n').filter((line) => line !== '');
  const cuts = await shallowCommits(mirror);
  const cutAt = commits.find((commit) => cuts.has(commit));
  return { commits, ...(cutAt === undefined ? {} : { cutAt }) };
}

/** The commits at which git stopped fetching: it treats them as if they had no parents. */
async function shallowCommits(mirror: Mirror): Promise<ReadonlySet<string>> {
  try {
    const text = await readFile(join(mirror.repository.dir, 'shallow'), 'utf8');
    return new Set(text.split('\n').filter((line) => line !== ''));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}
