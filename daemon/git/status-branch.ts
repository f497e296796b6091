import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, isFault, Stalled, Transient } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import { BareRepository } from './bare-repository.ts';
import { GitProgram, type GitOptions } from './git-program.ts';
import { InTurn } from './in-turn.ts';
import { parsePushReport } from './push-report.ts';
import { parseRemote } from './remote.ts';
import { authenticationFault, classifyRemoteFailure, gitWords } from './remote-fault.ts';
import { remoteHeads } from './remote-heads.ts';
import { commitStream, type StatusCommit } from './status-commit.ts';
import { upstreamOption } from './upstream-command.ts';

const PREFIX = 'anchord-status';
const SEEN = 'refs/anchord/seen';
const NEXT = 'refs/anchord/next';
const ATTEMPTS = 12;
const MAX_PAUSE_MS = 250;
/** How many commits go by between two tidyings; each leaves about ten loose objects. */
const TIDY_EVERY = 50;

/** What a `StatusBranch` is opened with. */
export interface StatusBranchOptions extends Omit<GitOptions, 'remote'> {
  /** Its own folder, `<stateDir>/status.git`; made when it is not there. */
  readonly dir: string;
  readonly url: string;
  /** The host whose branch `anchord-status/<host>` this is. */
  readonly host: string;
}

/** A commit to publish, and what may cancel it. */
export interface PublishRequest extends StatusCommit {
  readonly signal?: AbortSignal;
}

/** `unchanged`: the branch already holds exactly these files; `commit` is its tip. */
export type PublishResult = { readonly kind: 'published' | 'unchanged'; readonly commit: string };

/**
 * The branch on which this host says what it did. One writer, fast-forward only: each commit stands on what the remote
 * has now, and is pushed on the condition that it still has it. Its repository is disposable.
 */
export class StatusBranch {
  readonly #repository: BareRepository;
  readonly #git: GitProgram;
  readonly #host: string;
  readonly #branch: string;
  readonly #turns = new InTurn();
  #publishes = 0;

  private constructor(repository: BareRepository, options: StatusBranchOptions) {
    this.#repository = repository;
    this.#git = repository.git;
    this.#host = options.host;
    this.#branch = `${PREFIX}/${options.host}`;
  }

  /** Opens the repository without asking the remote anything. */
  static async open(options: StatusBranchOptions): Promise<StatusBranch> {
    const remote = parseRemote(options.url);
    const git = await GitProgram.open({ ...options, remote });
    return new StatusBranch(await BareRepository.open(options.dir, git), options);
  }

  /**
   * Makes the files the tree of the branch's next commit and pushes it; no commit when they already are.
   * Throws `Transient` (`Offline`, `PublishFailed`) or `Stalled` (`BranchTaken`, `AuthenticationFailed`).
   */
  publish(request: PublishRequest): Promise<PublishResult> {
    return this.#turns.run(async () => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const result = await this.#attempt(request);
        if (result !== 'again') return result;
        // Full jitter: writers that collided must not meet again.
        await sleep(Math.random() * MAX_PAUSE_MS, undefined, abort(request.signal));
      }
      throw this.#publishFailed(
        `it kept moving while we pushed, ${ATTEMPTS} times`,
        'find out who else writes to this branch: it belongs to one host',
      );
    });
  }

  async #attempt(request: PublishRequest): Promise<PublishResult | 'again'> {
    const tip = await this.#tip(request.signal);
    // Before anything else: what cannot be a commit is a mistake of ours, and no reason to doubt the repository.
    const stream = commitStream(request, {
      host: this.#host,
      ref: NEXT,
      ...(tip === undefined ? {} : { parent: tip }),
    });
    const commit = await this.#commit(stream, tip, request.signal);
    if (tip !== undefined && (await this.#sameTree(tip, commit))) return { kind: 'unchanged', commit: tip };
    const push = await this.#push(commit, tip, request.signal);
    const report = parsePushReport(push.stdout);
    switch (report.kind) {
      case 'accepted':
        await this.#tidy();
        return { kind: 'published', commit };
      case 'lost':
        return 'again';
      case 'refused':
        throw this.#publishFailed(
          `the remote refused it, ${report.words}: ${gitWords(push)}`,
          'allow this host to push its status branch: check hooks and branch protection of the remote',
        );
      case 'undecided':
        return this.#undecided(push, request.signal);
    }
  }

  /** The commit the branch is at now; undefined when the remote has no such branch. */
  async #tip(signal: AbortSignal | undefined): Promise<string | undefined> {
    const answer = await remoteHeads(this.#git, signal);
    if (answer.kind === 'failed') throw this.#remoteFault(answer.result);
    for (const name of answer.heads.keys()) {
      // git keeps refs as files: a branch cannot be beside, and at the same time a folder of, another one.
      if (name === PREFIX || name.startsWith(`${this.#branch}/`)) throw this.#taken(name);
    }
    return answer.heads.get(this.#branch);
  }

  async #commit(
    stream: Uint8Array,
    tip: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    try {
      return await this.#write(stream, tip, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isFault(error)) throw error;
      // Ours is broken; nothing in it is missed.
      await this.#repository.remake();
    }
    try {
      return await this.#write(stream, tip, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isFault(error)) throw error;
      throw new Transient(
        {
          reason: 'PublishFailed',
          message: `could not write the status commit in ${this.#repository.dir}: ${faultOf(error).message}`,
          next: 'check the disk of the state directory',
        },
        { cause: error },
      );
    }
  }

  async #write(
    stream: Uint8Array,
    tip: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    if (tip !== undefined) await this.#obtain(tip, signal);
    const args = ['fast-import', '--quiet', '--force'];
    const written = await this.#repository.run(args, { input: stream, ...abort(signal) });
    const commit = /^[0-9a-f]{40}$/m.exec(written.stdout)?.[0];
    if (written.code === 0 && commit !== undefined) return commit;
    throw new Error(`git fast-import failed: ${gitWords(written)}`);
  }

  /** Sees to it that the remote's tip is here; its history is not needed. */
  async #obtain(tip: string, signal: AbortSignal | undefined): Promise<void> {
    if (tip === (await this.#repository.ref(NEXT)) || tip === (await this.#repository.ref(SEEN))) return;
    const upstream = await upstreamOption(this.#git.remote, 'upload-pack');
    const options = ['--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    const refspec = `+refs/heads/${this.#branch}:${SEEN}`;
    const result = await this.#repository.run(
      ['fetch', ...options, ...upstream, '--', this.#git.remote.url, refspec],
      { remote: true, ...abort(signal) },
    );
    if (result.code === 0) return;
    await this.#repository.sweep();
    const damage = await this.#repository.damage(signal);
    throw damage === undefined ? this.#remoteFault(result) : new Error(damage);
  }

  async #sameTree(one: string, other: string): Promise<boolean> {
    const result = await this.#repository.run(['rev-parse', `${one}^{tree}`, `${other}^{tree}`]);
    const [first, second] = result.stdout.split('\n');
    return result.code === 0 && first === second;
  }

  async #push(commit: string, tip: string | undefined, signal: AbortSignal | undefined): Promise<RunResult> {
    const ref = `refs/heads/${this.#branch}`;
    const upstream = await upstreamOption(this.#git.remote, 'receive-pack');
    const lease = `--force-with-lease=${ref}:${tip ?? ''}`;
    return this.#repository.run(
      [
        'push',
        '--porcelain',
        '--no-verify',
        lease,
        ...upstream,
        '--',
        this.#git.remote.url,
        `${commit}:${ref}`,
      ],
      { remote: true, ...abort(signal) },
    );
  }

  async #undecided(push: RunResult, signal: AbortSignal | undefined): Promise<'again'> {
    if (classifyRemoteFailure(push) === 'authentication') throw this.#remoteFault(push);
    await this.#repository.sweep();
    if ((await this.#repository.damage(signal)) === undefined) throw this.#remoteFault(push);
    await this.#repository.remake();
    return 'again';
  }

  async #tidy(): Promise<void> {
    this.#publishes += 1;
    if (this.#publishes % TIDY_EVERY !== 1) return;
    const gc = await this.#repository.run(['gc', '--auto', '--quiet']);
    if (gc.code !== 0) await this.#repository.sweep();
  }

  #remoteFault(result: RunResult): Stalled | Transient {
    const { remote } = this.#git;
    const failure = classifyRemoteFailure(result);
    const message = `could not publish to ${this.#branch} of ${remote.url}: ${gitWords(result)}`;
    if (failure === 'authentication') return new Stalled(authenticationFault(remote, message));
    if (failure === 'offline' || (failure === 'no-repository' && remote.kind === 'path')) {
      return new Transient({
        reason: 'Offline',
        message,
        next: 'nothing to do if the remote is only away for a while: the status is published when it is back',
      });
    }
    return new Transient({
      reason: 'PublishFailed',
      message,
      next: 'check status.url in the host settings, and what this host may write there',
    });
  }

  #publishFailed(why: string, next: string): Transient {
    return new Transient({
      reason: 'PublishFailed',
      message: `could not publish to ${this.#branch} of ${this.#git.remote.url}: ${why}`,
      next,
    });
  }

  #taken(name: string): Stalled {
    return new Stalled({
      reason: 'BranchTaken',
      message: `${this.#git.remote.url} has a branch ${name}, and git cannot have ${this.#branch} beside it`,
      next: `rename or delete it: git push '${this.#git.remote.url}' :refs/heads/${name}`,
    });
  }
}

function abort(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
