import fs from 'node:fs';
import git, { type ReadCommitResult, type TreeEntry } from 'isomorphic-git';
import type { LogEntry } from '../../state-schema/generated/status.ts';
import { isoSeconds } from '../clock.ts';

const TEXT_LIMIT = 200;
/** A few kilobytes of nested trees can describe billions of files: a comparison looks at so many entries, and no more. */
const COMPARE_LIMIT = 100_000;
/** 9999-12-31T23:59:59Z: a commit may claim any time, also one that no date can hold. Seconds. */
const LATEST_SECONDS = 253_402_300_799;

// Reads objects in this process, without a checkout: isomorphic-git is used for nothing else (DESIGN.md, Git).
// Every call has a cache of its own, dropped with the call: it would hold whole packs, and not see what git adds.

/** The commit a ref points to; undefined when there is no such ref, or its file is torn. */
export async function resolveRef(gitdir: string, ref: string): Promise<string | undefined> {
  try {
    const oid = await git.resolveRef({ fs, gitdir, ref });
    return /^[0-9a-f]{40}$/.test(oid) ? oid : undefined;
  } catch {
    // Absent or torn: for a private ref of a disposable repository both mean "nothing is known".
    return undefined;
  }
}

/** The tree of a commit. Throws when the commit is missing or damaged. */
export async function treeOf(gitdir: string, commit: string): Promise<string> {
  const { commit: content } = await git.readCommit({ fs, gitdir, oid: commit, cache: {} });
  return content.tree;
}

/** The bytes of blobs, each checked against its name. Throws when one is missing or damaged. */
export async function readBlobs(
  gitdir: string,
  oids: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const cache = {};
  const blobs = new Map<string, Uint8Array>();
  for (const oid of new Set(oids)) {
    const { blob } = await git.readBlob({ fs, gitdir, oid, cache });
    blobs.set(oid, blob);
  }
  return blobs;
}

/** The newest commits up to `revision`, newest first, ending where the shallow history ends. */
export async function readLog(gitdir: string, revision: string, limit: number): Promise<readonly LogEntry[]> {
  const commits = await git.log({ fs, gitdir, ref: revision, depth: limit, cache: {} });
  return commits.map(toLogEntry);
}

/** The paths below `folders` that differ between two commits, in path order; not all of them when there are very many. */
export async function changedPaths(
  gitdir: string,
  commits: { readonly from: string; readonly to: string },
  folders: readonly string[],
): Promise<readonly string[]> {
  const walk: Walk = { gitdir, cache: {}, changed: new Set(), compared: 0 };
  const from = await treeOf(gitdir, commits.from);
  const to = await treeOf(gitdir, commits.to);
  for (const folder of folders) {
    const sides = [await descend(walk, from, folder), await descend(walk, to, folder)] as const;
    await compareEntries(walk, folder, sides);
  }
  return [...walk.changed].sort();
}

/** A commit as a row of a log: plain text of bounded length, and a time that a date can hold. */
export function toLogEntry({ oid, commit }: ReadCommitResult): LogEntry {
  return {
    sha: oid,
    subject: oneLine(commit.message.split('\n')[0] ?? ''),
    author: oneLine(commit.author.name),
    time: isoSeconds(new Date(Math.min(Math.max(0, commit.committer.timestamp), LATEST_SECONDS) * 1000)),
  };
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, TEXT_LIMIT);
}

interface Walk {
  readonly gitdir: string;
  readonly cache: object;
  readonly changed: Set<string>;
  compared: number;
}

type Entry = Pick<TreeEntry, 'mode' | 'oid' | 'type'> | undefined;

async function descend(walk: Walk, root: string, folder: string): Promise<Entry> {
  let entry: Entry = { mode: '040000', oid: root, type: 'tree' };
  for (const name of folder.split('/')) {
    if (entry?.type !== 'tree') return undefined;
    const entries = await entriesOf(walk, entry);
    entry = entries.get(name);
  }
  return entry;
}

async function compareEntries(walk: Walk, path: string, sides: readonly [Entry, Entry]): Promise<void> {
  const [from, to] = sides;
  walk.compared += 1;
  if (walk.compared > COMPARE_LIMIT || (from?.oid === to?.oid && from?.mode === to?.mode)) return;
  for (const side of sides) if (side !== undefined && side.type !== 'tree') walk.changed.add(path);
  const before = await entriesOf(walk, from);
  const after = await entriesOf(walk, to);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    await compareEntries(walk, `${path}/${name}`, [before.get(name), after.get(name)]);
  }
}

async function entriesOf(walk: Walk, entry: Entry): Promise<ReadonlyMap<string, NonNullable<Entry>>> {
  if (entry?.type !== 'tree') return new Map();
  const { tree } = await git.readTree({ fs, gitdir: walk.gitdir, oid: entry.oid, cache: walk.cache });
  return new Map(tree.map((child) => [child.path, child]));
}
