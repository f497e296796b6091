import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Stalled, Transient } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { RunResult } from '../process/run.ts';
import { BareRepository } from './bare-repository.ts';
import { packBytes } from './pack-bytes.ts';
import { checkBranch } from './remote.ts';
import { fetchFault, remoteFailure } from './remote-fault.ts';
import { remoteHeads } from './remote-heads.ts';
import type { GitProgram } from './git-program.ts';
import { upstreamOption } from './upstream-command.ts';
import { shellWord } from '../shell-word.ts';

const FETCHED = 'refs/anchord/fetched';
const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  // The remote may itself be a shallow clone.
  '--update-shallow',
];
const FIRST_DEPTH = 50;
/** How many fetches of the largest size the mirror may hold before it is emptied and fetched anew. */
const MOST_FETCHES = 4;
/** How many fetches go by between two tidyings; each leaves a small pack. */
const TIDY_EVERY = 25;

/** What a `Mirror` is opened with. */
export interface MirrorOptions {
  readonly dir: string;
  readonly git: GitProgram;
  readonly branch: string;
  readonly emit?: Emit;
  /** Told of every branch that the remote names when it is asked for ours. Must not throw. */
  readonly onHeads?: (heads: ReadonlyMap<string, string>) => void;
}

/** Our copy of one branch of the remote. It heals: whatever is broken in it is fetched again. */
export class Mirror {
  readonly repository: BareRepository;
  readonly #git: GitProgram;
  readonly #branch: string;
  readonly #emit: Emit | undefined;
  readonly #onHeads: MirrorOptions['onHeads'];
  #fetches = 0;

  private constructor(repository: BareRepository, options: MirrorOptions) {
    this.repository = repository;
    this.#git = options.git;
    this.#branch = options.branch;
    this.#emit = options.emit;
    this.#onHeads = options.onHeads;
  }

  static async open(options: MirrorOptions): Promise<Mirror> {
    checkBranch(options.branch);
    const repository = await BareRepository.open(options.dir, options.git);
    return new Mirror(repository, options);
  }

  /** The commit the remote's branch is at. Throws `Stalled` or `Transient` that says why it cannot be known. */
  async tip(signal?: AbortSignal): Promise<string> {
    const answer = await remoteHeads(this.#git, signal);
    if (answer.kind === 'failed') throw fetchFault(this.#git, 'ask for the branches', answer.result);
    this.#onHeads?.(answer.heads);
    const tip = answer.heads.get(this.#branch);
    if (tip === undefined) throw this.#missingBranch([...answer.heads.keys()]);
    return tip;
  }

  /** The commit the last fetch got, if it is still known. */
  fetched(): Promise<string | undefined> {
    return this.repository.ref(FETCHED);
  }

  /** Whether history may be cut off somewhere. */
  async isShallow(): Promise<boolean> {
    try {
      await access(join(this.repository.dir, 'shallow'));
      return true;
    } catch {
      return false;
    }
  }

  /** Whether the commit is here, as far as its own object goes. */
  async has(commit: string): Promise<boolean> {
    return (await this.repository.run(['cat-file', '-e', `${commit}^{commit}`])).code === 0;
  }

  /** Fetches the branch and returns its commit. `depth`: all history, or by default the newest and then what is new. */
  async fetch(signal: AbortSignal | undefined, depth: 'as-needed' | 'all' = 'as-needed'): Promise<string> {
    if ((await packBytes(this.repository.dir)) > MOST_FETCHES * this.#git.limits.fetchBytes)
      await this.repository.startOver();
    const first = await this.#fetchOnce(signal, depth);
    if (first.code !== 0) await this.#afterFailedFetch(first, signal);
    const second = first.code === 0 ? first : await this.#fetchOnce(signal, depth);
    if (second.code !== 0) throw fetchFault(this.#git, `fetch branch ${this.#branch}`, second);
    const commit = await this.fetched();
    if (commit === undefined) throw this.#noRef();
    await this.#tidy();
    return commit;
  }

  /** Makes the mirror whole, and sees to it that `commit` is in it if the remote still has it. */
  async heal(commit: string, signal?: AbortSignal): Promise<void> {
    await this.repository.sweep();
    await this.#remakeIfDamaged(signal);
    if (await this.has(commit)) return;
    await this.fetch(signal);
    if (await this.has(commit)) return;
    await this.#fetchCommit(commit, signal);
  }

  async #fetchOnce(signal: AbortSignal | undefined, depth: 'as-needed' | 'all'): Promise<RunResult> {
    const refspec = `+refs/heads/${this.#branch}:${FETCHED}`;
    if (depth === 'all') {
      const deepen = (await this.isShallow()) ? ['--unshallow'] : [];
      return this.#transfer(deepen, refspec, signal);
    }
    const isNew = (await this.fetched()) === undefined;
    return this.#transfer(isNew ? [`--depth=${FIRST_DEPTH}`] : [], refspec, signal);
  }

  async #fetchCommit(commit: string, signal: AbortSignal | undefined): Promise<void> {
    const result = await this.#transfer([], commit, signal);
    if (result.code !== 0) throw fetchFault(this.#git, `fetch commit ${commit}`, result);
  }

  async #transfer(
    options: readonly string[],
    refspec: string,
    signal: AbortSignal | undefined,
  ): Promise<RunResult> {
    const upstream = await upstreamOption(this.#git.remote, 'upload-pack');
    const args = [...FETCH, ...options, ...upstream, '--', this.#git.remote.url, refspec];
    return this.repository.run(args, { remote: 'read', ...(signal === undefined ? {} : { signal }) });
  }

  /** Returns when another try makes sense: something of ours was in the way and is mended. Throws otherwise. */
  async #afterFailedFetch(result: RunResult, signal: AbortSignal | undefined): Promise<void> {
    const task = `fetch branch ${this.#branch}`;
    if (/mismatched algorithms/.test(result.stderr)) throw unreadableFormat(this.#git.remote.url);
    // Words it better: an empty repository and a missing branch are told apart by asking for all branches.
    if (/couldn't find remote ref/.test(result.stderr)) await this.tip(signal);
    await this.repository.sweep();
    if (remoteFailure(this.#git, task, result).kind === 'person') throw fetchFault(this.#git, task, result);
    if (/\.lock': File exists/.test(result.stderr)) return;
    if (!(await this.#remakeIfDamaged(signal))) throw fetchFault(this.#git, task, result);
  }

  async #remakeIfDamaged(signal: AbortSignal | undefined): Promise<boolean> {
    const damage = await this.repository.damage(signal);
    if (damage === undefined) return false;
    await this.repository.remake();
    const message = `the mirror ${this.repository.dir} was damaged (${damage}) and is fetched anew; the damaged one is kept as ${this.repository.dir}.damaged`;
    this.#emit?.({ kind: 'mirror.healed', message });
    return true;
  }

  async #tidy(): Promise<void> {
    this.#fetches += 1;
    if (this.#fetches % TIDY_EVERY !== 1) return;
    const gc = await this.repository.run(['gc', '--auto', '--quiet']);
    // A mirror that cannot be tidied is a damaged one; the next read finds out and heals it.
    if (gc.code !== 0) await this.repository.sweep();
  }

  #noRef(): Transient {
    return new Transient({
      reason: 'MirrorDamaged',
      message: `git fetched branch ${this.#branch} of ${this.#git.remote.url} and left no ref in ${this.repository.dir}`,
      next: 'check the disk of the state directory',
    });
  }

  #missingBranch(branches: readonly string[]): Stalled {
    const { url } = this.#git.remote;
    if (branches.length === 0) {
      return new Stalled({
        reason: 'RepositoryEmpty',
        message: `${url} is empty: it has no branch at all, expected ${this.#branch}`,
        next: `push a first commit: git push ${shellWord(url)} ${shellWord(`HEAD:${this.#branch}`)}`,
      });
    }
    const some = branches.slice(0, 5).join(', ');
    return new Stalled({
      reason: 'BranchMissing',
      message: `${url} has no branch ${this.#branch}; it has ${some}${branches.length > 5 ? ', …' : ''}`,
      next: `push ${this.#branch}, or set repository.branch in the host settings`,
    });
  }
}

/** The fault of a repository whose objects are named by SHA-256. */
export function unreadableFormat(url: string): Stalled {
  return new Stalled({
    reason: 'RevisionUnreadable',
    message: `${url} names its objects by SHA-256; anchord reads repositories of the SHA-1 format`,
    next: 'make the state repo with git init --object-format=sha1',
  });
}
