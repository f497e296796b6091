import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stalled, Transient } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import { BareRepository } from './bare-repository.ts';
import { GitProgram, type GitOptions } from './git-program.ts';
import { InTurn } from '../in-turn.ts';
import { otherWriter, takenByOther, WRITER_TRAILER } from './other-writer.ts';
import { parsePushReport } from './push-report.ts';
import { parseRemote } from './remote.ts';
import { gitWords } from './git-words.ts';
import { remoteFailure, type RemoteFailure } from './remote-fault.ts';
import { remoteHeads } from './remote-heads.ts';
import { signCommit } from './sign-commit.ts';
import { commitStream, type StatusCommit } from './status-commit.ts';
import { treesAt } from './trees-at.ts';
import { upstreamOption } from './upstream-command.ts';
import { shellWord } from '../shell-word.ts';

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
  /** Absolute path of an SSH private key; without one, commits are not signed. */
  readonly signingKey?: string;
  /** By what it knows its own commits; by default new for each one that is opened, as each daemon opens its own. */
  readonly writer?: string;
}

/** The branch that belongs to a host. */
export function statusBranchOf(host: string): string {
  return `${PREFIX}/${host}`;
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
  readonly #writer: string;
  readonly #signingKey: string | undefined;
  readonly #turns = new InTurn();
  #publishes = 0;
  #last: { readonly commit: string; readonly at: Date } | undefined;

  private constructor(repository: BareRepository, options: StatusBranchOptions) {
    this.#repository = repository;
    this.#git = repository.git;
    this.#host = options.host;
    this.#branch = statusBranchOf(options.host);
    this.#writer = options.writer ?? randomUUID();
    this.#signingKey = options.signingKey;
  }

  /** Opens the repository without asking the remote anything. */
  static async open(options: StatusBranchOptions): Promise<StatusBranch> {
    const remote = parseRemote(options.url);
    const git = await GitProgram.open({ ...options, remote });
    return new StatusBranch(await BareRepository.open(options.dir, git), options);
  }

  /** The commit the branch is at now; undefined when the remote has no such branch. Throws as `publish` does. */
  tip(signal?: AbortSignal): Promise<string | undefined> {
    return this.#head(signal);
  }

  /**
   * Makes the files the tree of the branch's next commit and pushes it; no commit when they already are.
   * Throws `Transient` (`Offline`, `PublishFailed`) or `Stalled` (`BranchTaken`, `AuthenticationFailed`).
   */
  publish(request: PublishRequest): Promise<PublishResult> {
    return this.#turns.run(async () => {
      let remade = false;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        try {
          const result = await this.#attempt(request);
          if (result !== 'lost') return result;
        } catch (error) {
          if (!(error instanceof Damaged)) throw error;
          if (remade) throw this.#unwritable(error);
          // Nothing in it is missed: the next attempt fetches what it needs.
          await this.#repository.remake();
          remade = true;
        }
        // Full jitter: writers that collided must not meet again.
        await sleep(Math.random() * MAX_PAUSE_MS, undefined, abort(request.signal));
      }
      throw this.#publishFailed(
        `it kept moving while we pushed, ${ATTEMPTS} times`,
        'find out who else writes to this branch: it belongs to one host',
      );
    });
  }

  async #attempt(request: PublishRequest): Promise<PublishResult | 'lost'> {
    const head = await this.#head(request.signal);
    const tip = head === undefined ? undefined : await this.#obtain(head, request.signal);
    if (tip !== undefined) await this.#refuseOther(tip, request.time);
    const kept = await treesAt(this.#repository, tip, request.kept);
    const place = { host: this.#host, ref: NEXT, kept, ...(tip === undefined ? {} : { parent: tip }) };
    const plain = await this.#write(commitStream(this.#marked(request), place), request.signal);
    if (tip !== undefined && (await this.#sameTree(tip, plain))) return { kind: 'unchanged', commit: tip };
    const commit = await this.#sign(plain, tip, request.signal);
    const push = await this.#push(commit, tip, request.signal);
    const report = parsePushReport(push.stdout);
    switch (report.kind) {
      case 'accepted':
        this.#last = { commit, at: request.time };
        await this.#tidy();
        return { kind: 'published', commit };
      case 'lost':
        return 'lost';
      case 'refused':
        throw this.#publishFailed(
          `the remote refused it, ${report.words}: ${gitWords(push)}`,
          'allow this host to push its status branch: check hooks and branch protection of the remote',
        );
      case 'undecided':
        throw await this.#whyNot(push, request.signal);
    }
  }

  #marked(request: PublishRequest): StatusCommit {
    return { ...request, trailers: new Map([...request.trailers, [WRITER_TRAILER, this.#writer]]) };
  }

  /** The first commit of a daemon goes on from whatever is there: it may have been reinstalled, or restarted. */
  async #refuseOther(tip: string, now: Date): Promise<void> {
    const last = this.#last;
    if (last === undefined || last.commit === tip) return;
    const own = { writer: this.#writer, lastAt: last.at, now };
    if ((await otherWriter(this.#repository, tip, own)) === undefined) return;
    throw takenByOther({ branch: this.#branch, url: this.#git.remote.url });
  }

  /** The commit the branch is at now; undefined when the remote has no such branch. */
  async #head(signal: AbortSignal | undefined): Promise<string | undefined> {
    const answer = await remoteHeads(this.#git, signal);
    if (answer.kind === 'failed') throw this.#remoteFault(answer.result);
    for (const name of answer.heads.keys()) {
      // git keeps refs as files: a branch cannot be beside, and at the same time a folder of, another one.
      if (name === PREFIX || name.startsWith(`${this.#branch}/`)) throw this.#taken(name);
    }
    return answer.heads.get(this.#branch);
  }

  /** Brings the remote's tip here, without its history, and returns it: another one than `head` if it moved on. */
  async #obtain(head: string, signal: AbortSignal | undefined): Promise<string> {
    if (head === (await this.#repository.ref(NEXT)) || head === (await this.#repository.ref(SEEN)))
      return head;
    const upstream = await upstreamOption(this.#git.remote, 'upload-pack');
    const options = ['--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    const from = [this.#git.remote.url, `+refs/heads/${this.#branch}:${SEEN}`];
    const result = await this.#repository.run(['fetch', ...options, ...upstream, '--', ...from], {
      remote: 'read',
      ...abort(signal),
    });
    if (result.code !== 0) throw await this.#whyNot(result, signal);
    const seen = await this.#repository.ref(SEEN);
    if (seen === undefined) throw new Damaged(`git fetch left no ${SEEN}`);
    return seen;
  }

  async #write(stream: Uint8Array, signal: AbortSignal | undefined): Promise<string> {
    const args = ['fast-import', '--quiet', '--force'];
    const written = await this.#repository.run(args, { input: stream, ...abort(signal) });
    const commit = /^[0-9a-f]{40}$/m.exec(written.stdout)?.[0];
    if (written.code === 0 && commit !== undefined) return commit;
    throw new Damaged(`git fast-import failed: ${gitWords(written)}`);
  }

  async #sign(commit: string, parent: string | undefined, signal: AbortSignal | undefined): Promise<string> {
    const over = parent === undefined ? {} : { parent };
    const request = { commit, ref: NEXT, ...over, ...abort(signal) };
    const key = this.#signingKey;
    return key === undefined ? commit : signCommit(this.#repository, { ...request, key });
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
      { remote: 'write', ...abort(signal) },
    );
  }

  /** Whose fault a failed transfer is: the remote's, or damage of ours. */
  async #whyNot(result: RunResult, signal: AbortSignal | undefined): Promise<Error> {
    await this.#repository.sweep();
    if (this.#failure(result).kind === 'person') return this.#remoteFault(result);
    const damage = await this.#repository.damage(signal);
    return damage === undefined ? this.#remoteFault(result) : new Damaged(damage);
  }

  async #tidy(): Promise<void> {
    this.#publishes += 1;
    if (this.#publishes % TIDY_EVERY !== 1) return;
    const gc = await this.#repository.run(['gc', '--auto', '--quiet']);
    if (gc.code !== 0) await this.#repository.sweep();
  }

  #failure(result: RunResult): RemoteFailure {
    return remoteFailure(this.#git, `publish to ${this.#branch}`, result);
  }

  #remoteFault(result: RunResult): Stalled | Transient {
    const { remote } = this.#git;
    const failure = this.#failure(result);
    if (failure.kind === 'person') return new Stalled(failure.fault);
    const message = `could not publish to ${this.#branch} of ${remote.url}: ${gitWords(result)}`;
    if (failure.kind === 'offline' || (failure.kind === 'no-repository' && remote.kind === 'path')) {
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

  #unwritable(error: Damaged): Transient {
    return new Transient(
      {
        reason: 'PublishFailed',
        message: `could not write the status commit in ${this.#repository.dir}, even after it was made anew: ${error.message}`,
        next: 'check the disk of the state directory',
      },
      { cause: error },
    );
  }

  #taken(name: string): Stalled {
    return new Stalled({
      reason: 'BranchTaken',
      message: `${this.#git.remote.url} has a branch ${name}, and git cannot have ${this.#branch} beside it`,
      next: `rename or delete it: git push ${shellWord(this.#git.remote.url)} ${shellWord(`:refs/heads/${name}`)}`,
    });
  }
}

/** Our own repository is broken. */
class Damaged extends Error {}

function abort(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
