import { Transient } from '../errors.ts';
import { BareRepository } from './bare-repository.ts';
import { GitProgram, type GitOptions } from './git-program.ts';
import { gitWords } from './git-words.ts';
import { listTree } from './list-tree.ts';
import { readBlobs } from './object-reader.ts';
import { parseRemote } from './remote.ts';

import { remoteHeads } from './remote-heads.ts';
import { upstreamOption } from './upstream-command.ts';

const REF = 'refs/anchord/published';
/** A chain has a file a day; what has very many more entries is not ours. */
const ENTRY_LIMIT = 10_000;
const COMMIT_LIMIT = 200_000;

/** A whole status branch, as its remote has it. */
export interface PublishedBranch {
  readonly tip: string;
  /** Every commit, newest first, with the trailer that was asked for where it has one. */
  readonly commits: readonly { readonly commit: string; readonly trailer?: string }[];
  /** Contents below the folder that was asked for, by path from the root. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What of which branch is wanted, and where it is fetched to. */
export interface PublishedBranchRequest extends Omit<GitOptions, 'remote'> {
  /** A repository of our own, disposable; kept, so that the next look fetches only what is new. */
  readonly dir: string;
  readonly url: string;
  readonly host: string;
  readonly folder: string;
  readonly trailer: string;
  readonly signal?: AbortSignal;
}

/** Fetches a status branch with its history; undefined when the remote has none. Throws `Transient` (`Offline`) when it cannot be asked. */
export async function readPublishedBranch(
  request: PublishedBranchRequest,
): Promise<PublishedBranch | undefined> {
  const git = await GitProgram.open({ ...request, remote: parseRemote(request.url) });
  const repository = await BareRepository.open(request.dir, git);
  const branch = `anchord-status/${request.host}`;
  const heads = await remoteHeads(git, request.signal);
  if (heads.kind === 'failed') throw offline(branch, request.url, gitWords(heads.result));
  if (!heads.heads.has(branch)) return undefined;
  const options = [
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    '--no-auto-gc',
  ];
  const upstream = await upstreamOption(git.remote, 'upload-pack');
  const refs = [request.url, `+refs/heads/${branch}:${REF}`];
  const signal = request.signal === undefined ? {} : { signal: request.signal };
  const fetched = await repository.run(['fetch', ...options, ...upstream, '--', ...refs], {
    remote: 'read',
    ...signal,
  });
  const tip = await repository.ref(REF);
  if (fetched.code !== 0 || tip === undefined) throw offline(branch, request.url, gitWords(fetched));
  return {
    tip,
    commits: await commitsOf(repository, request),
    files: await filesOf(repository, tip, request),
  };
}

async function commitsOf(
  repository: BareRepository,
  { trailer }: PublishedBranchRequest,
): Promise<PublishedBranch['commits']> {
  const commits: { commit: string; trailer?: string }[] = [];
  const format = `--format=%H %(trailers:key=${trailer},valueonly,separator=%x2C)`;
  await repository.run(['log', `--max-count=${COMMIT_LIMIT}`, format, REF], {
    onStdoutLine: (line) => {
      const [, commit, value] = /^([0-9a-f]{40,64}) (.*)$/.exec(line) ?? [];
      if (commit === undefined || value === undefined) return;
      commits.push(value === '' ? { commit } : { commit, trailer: value });
    },
  });
  return commits;
}

async function filesOf(
  repository: BareRepository,
  tip: string,
  { folder }: PublishedBranchRequest,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const lines = await listTree(repository, { revision: tip, folders: [folder], limit: ENTRY_LIMIT });
  const blobs = lines.filter(({ kind }) => kind === 'blob');
  const contents = await readBlobs(
    repository.dir,
    blobs.map(({ oid }) => oid),
  );
  return new Map(
    blobs.flatMap(({ path, oid }) =>
      contents.has(oid) ? [[path, contents.get(oid) ?? new Uint8Array()]] : [],
    ),
  );
}

function offline(branch: string, url: string, words: string): Transient {
  return new Transient({
    reason: 'Offline',
    message: `${branch} of ${url} could not be fetched: ${words}`,
    next: 'try again when the remote is there; anchord audit verify looks at what is here',
  });
}
