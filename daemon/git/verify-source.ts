import type { Reason, RefusedCommit, Verified } from '../../state-schema/generated/status.ts';
import type { Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import { shellWord } from '../shell-word.ts';
import { hasHugeCommit } from './huge-commit.ts';
import type { Mirror } from './mirror.ts';
import type { StateRepo } from './state-repo.ts';
import { verifyCommits, type CheckedCommit } from './verify-commits.ts';
import { makeKeyring, type Keyring } from './verify-keyring.ts';
import { COMMITS_AT_ONCE, rangeOf } from './verify-range.ts';
import { readAllowedSigners, type AllowedSigners } from './verify-signers.ts';
import { isValidAt } from './verify-ssh-signers.ts';

/** What a `SourceVerifier` is opened with. */
export interface SourceVerifierOptions {
  /** The files of this host that say who may sign. */
  readonly files: readonly string[];
  /** A folder of our own for their keys, made anew whenever they change. */
  readonly dir: string;
  /** PATH on which gpg is found. */
  readonly path: string;
  readonly clock: Clock;
  readonly emit: Emit;
}

/** Whether every commit that comes with a revision is signed by an allowed signer. */
export type Verification =
  /** Without `verified`: nothing new came with it, and what was trusted already is not signed as it should be. */
  | { readonly kind: 'good'; readonly verified?: Verified }
  | { readonly kind: 'refused'; readonly fault: Fault; readonly commit?: RefusedCommit };

/** Which commits to check. */
export interface VerifyRequest {
  readonly revision: string;
  /** What is trusted already, with all that it descends from; without one the revision itself is all that is checked. */
  readonly trusted?: string;
  readonly signal?: AbortSignal;
}

interface Known {
  readonly signers: AllowedSigners;
  readonly keyring: Keyring;
  readonly version: string;
}

/**
 * Checks who signed. The files are read before each use, so that a key that is taken out counts no more at once; nothing
 * that the repository says, and no configuration but ours, has a part in it.
 */
export class SourceVerifier {
  readonly #options: SourceVerifierOptions;
  #known: Known | undefined;

  private constructor(options: SourceVerifierOptions) {
    this.#options = options;
  }

  /** Reads the files once, so that a daemon does not start with some that it cannot use. Throws `Stalled`. */
  static async open(options: SourceVerifierOptions): Promise<SourceVerifier> {
    const verifier = new SourceVerifier(options);
    await verifier.#current();
    return verifier;
  }

  /** Another one whenever the answer for the same commit may be another: a file changed, a key came to its end. */
  async version(): Promise<string> {
    return (await this.#current()).version;
  }

  /** Checks the commits that come with a revision. Throws `Stalled` when the files cannot be used. */
  async verify(repo: StateRepo, request: VerifyRequest): Promise<Verification> {
    const known = await this.#current();
    return repo.inMirror(
      request.revision,
      (mirror) => this.#inMirror(mirror, known, request),
      request.signal,
    );
  }

  async #current(): Promise<Known> {
    const { files, dir, path, clock } = this.#options;
    const signers = await readAllowedSigners(files);
    const now = clock.now();
    const valid = signers.ssh.map((signer) => (isValidAt(signer, now) ? '1' : '0')).join('');
    const version = `${signers.digest} ${valid}`;
    if (this.#known?.version !== version) {
      this.#known = undefined;
      this.#known = { signers, version, keyring: await makeKeyring(signers, { dir, path, now }) };
    }
    return this.#known;
  }

  async #inMirror(mirror: Mirror, known: Known, request: VerifyRequest): Promise<Verification> {
    const first = await this.#once(mirror, known, request);
    if (first.kind === 'good' || !(await mirror.isShallow())) return first;
    // Cut off, history may hide commits, and show old ones as new: only all of it decides against a revision.
    await mirror.fetch(request.signal, 'all');
    return this.#once(mirror, known, request);
  }

  async #once(mirror: Mirror, known: Known, request: VerifyRequest): Promise<Verification> {
    const { revision, trusted, signal } = request;
    const { commits, cutAt } = await rangeOf(mirror, revision, trusted);
    if (commits.length > COMMITS_AT_ONCE) return tooMany(revision, trusted);
    if (cutAt !== undefined) return incomplete(revision, cutAt);
    if (await hasHugeCommit(mirror.repository, commits)) return huge(revision);
    this.#options.emit({ kind: 'revision.verifying', revision, commits: commits.length });
    // Without anything new, for example after going back to an older commit, the revision itself is still told of.
    const asked = commits.length === 0 ? [revision] : commits;
    const checked = await verifyCommits(mirror, asked, {
      keyring: known.keyring,
      signers: known.signers.ssh,
      ...(signal === undefined ? {} : { signal }),
    });
    return commits.length === 0 ? asGood(checked, revision) : this.#judge(checked, request);
  }

  #judge(checked: readonly CheckedCommit[], { revision, trusted }: VerifyRequest): Verification {
    const bad = checked.filter(({ verdict }) => verdict.kind === 'bad');
    const [first] = bad;
    if (first?.verdict.kind === 'bad') {
      const { sha, subject, author, time } = first.header;
      const { reason, words } = first.verdict;
      const others = bad.length - 1;
      const more =
        others === 0
          ? ''
          : `, and ${others} more ${others === 1 ? 'is' : 'are'} not signed as they should be`;
      const message = `commit ${sha.slice(0, 10)} (“${subject}”) by “${author}” ${words}${more}`;
      const fault = { reason, message, next: this.#nextStep(reason, trusted) };
      return { kind: 'refused', fault, commit: { sha, subject, author, time, reason, others } };
    }
    return asGood(checked, revision);
  }

  #nextStep(reason: Reason, trusted: string | undefined): string {
    const files = this.#options.files.map((file) => shellWord(file)).join(' or ');
    if (reason === 'SignerNotAllowed')
      return `if you know this key, add it to ${files} on this host; if not, take the commit out: git push --force, of what was there before it`;
    const sign = 'git commit --amend --no-edit --gpg-sign';
    const how = trusted === undefined ? sign : `git rebase --exec ${shellWord(sign)} ${trusted.slice(0, 10)}`;
    return `look at it; if it is right, sign it (${how}), if not, take it out, and git push --force`;
  }
}

function asGood(checked: readonly CheckedCommit[], revision: string): Verification {
  const verdict = checked.find(({ header }) => header.sha === revision)?.verdict;
  return {
    kind: 'good',
    ...(verdict?.kind === 'good' ? { verified: { revision, ...verdict.verified } } : {}),
  };
}

function tooMany(revision: string, trusted: string | undefined): Verification {
  const fault = {
    reason: 'TooManyCommits' as const,
    message: `revision ${revision.slice(0, 10)} brings more than ${COMMITS_AT_ONCE} commits since ${trusted?.slice(0, 10) ?? 'the start'}, more than are checked at once`,
    next: `push it in steps of at most ${COMMITS_AT_ONCE} commits, and wait for each to be accepted`,
  };
  return { kind: 'refused', fault };
}

function incomplete(revision: string, cutAt: string): Verification {
  const fault = {
    reason: 'HistoryIncomplete' as const,
    message: `the remote’s history ends at ${cutAt.slice(0, 10)}, so not every commit of ${revision.slice(0, 10)} can be checked`,
    next: 'make the remote whole: git fetch --unshallow there',
  };
  return { kind: 'refused', fault };
}

function huge(revision: string): Verification {
  const fault = {
    reason: 'RevisionUnreadable' as const,
    message: `revision ${revision.slice(0, 10)} brings a commit whose message is larger than 1 MiB`,
    next: 'take that commit out of the branch',
  };
  return { kind: 'refused', fault };
}
