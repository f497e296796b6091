import type { LogEntry } from '../../state-schema/generated/status.ts';
import { ENTRY_LIMIT, type StateEntry } from '../../state-schema/state-entry.ts';
import { faultOf, isFault, Stalled, Transient } from '../errors.ts';
import type { Emit } from '../events.ts';
import { readBounded } from './bounded-objects.ts';
import { GitProgram, type GitOptions } from './git-program.ts';
import { hasHugeCommit } from './huge-commit.ts';
import { InTurn } from '../in-turn.ts';
import { listTree } from './list-tree.ts';
import { Mirror, unreadableFormat, type MirrorOptions } from './mirror.ts';
import { changedPaths, readBlobs, readLog } from './object-reader.ts';
import { parseRemote } from './remote.ts';
import { gitWords } from './git-words.ts';
import { blobsToRead, toStateEntries } from './state-entries.ts';

const TRUSTED = 'refs/anchord/trusted';

/** What a `StateRepo` is opened with. */
export interface StateRepoOptions extends Omit<GitOptions, 'remote'>, Pick<MirrorOptions, 'onHeads'> {
  /** The mirror's own folder, `<stateDir>/mirror.git`; made when it is not there. */
  readonly dir: string;
  /** The state repo: an absolute path, http(s) or ssh. */
  readonly url: string;
  readonly branch: string;
  readonly emit?: Emit;
}

/** Which commit a fetch is for. */
export interface FetchRequest {
  /** What `tip` said: when the mirror has just that, nothing is fetched. */
  readonly revision?: string;
  /** The trusted revision: enough history is fetched to tell whether the new one descends from it. */
  readonly trusted?: string;
  readonly signal?: AbortSignal;
}

/**
 * The state repo, as the daemon sees it: one branch of a remote, copied into a bare mirror of our own.
 *
 * The mirror is disposable and heals by itself: when a read fails, it is checked, and if damaged made anew and fetched
 * again. Which revision is trusted is therefore remembered elsewhere too. Everything but `tip` happens one at a time.
 * Throws `Stalled` or `Transient`; an aborted signal's reason passes through.
 */
export class StateRepo {
  readonly #mirror: Mirror;
  readonly #url: string;
  readonly #packLimitBytes: number | undefined;
  readonly #turns = new InTurn();
  /** A revision that was too large to fetch: nothing about it can have changed, and trying again costs its size. */
  #tooLarge: { readonly revision: string; readonly fault: Stalled } | undefined;

  private constructor(mirror: Mirror, url: string, packLimitBytes: number | undefined) {
    this.#mirror = mirror;
    this.#url = url;
    this.#packLimitBytes = packLimitBytes;
  }

  /** Opens the mirror without asking the remote anything. `packLimitBytes`: see `readBounded`. */
  static async open(options: StateRepoOptions & { readonly packLimitBytes?: number }): Promise<StateRepo> {
    const remote = parseRemote(options.url);
    const git = await GitProgram.open({ ...options, remote });
    const mirror = await Mirror.open({ ...options, git });
    return new StateRepo(mirror, remote.url, options.packLimitBytes);
  }

  /** The commit the remote's branch is at: one question, no objects. */
  tip(signal?: AbortSignal): Promise<string> {
    return this.#mirror.tip(signal);
  }

  /** Brings the branch into the mirror and returns its commit, which may be newer than what `tip` said. */
  fetch(request: FetchRequest = {}): Promise<string> {
    return this.#turns.run(async () => {
      if (request.revision?.length === 64) throw unreadableFormat(this.#url);
      const known = await this.#mirror.fetched();
      if (known !== undefined && known === request.revision) return known;
      if (this.#tooLarge !== undefined && this.#tooLarge.revision === request.revision)
        throw this.#tooLarge.fault;
      const isNew = known === undefined;
      const commit = await this.#fetch(request);
      if (isNew && request.trusted !== undefined)
        await this.#descends(request.trusted, commit, request.signal);
      return commit;
    });
  }

  async #fetch({ revision, signal }: FetchRequest): Promise<string> {
    try {
      return await this.#mirror.fetch(signal);
    } catch (error) {
      if (revision !== undefined && error instanceof Stalled && error.reason === 'FetchTooLarge')
        this.#tooLarge = { revision, fault: error };
      throw error;
    }
  }

  /** Whether `base` is an ancestor of `revision`, or the same. Fetches older history when the answer is not here. */
  descends(base: string, revision: string, signal?: AbortSignal): Promise<boolean> {
    return this.#read(revision, signal, () => this.#descends(base, revision, signal));
  }

  /** Everything below `hosts/<host>/` and `common/` in a revision; files over a limit come without their bytes. */
  readState(revision: string, host: string, signal?: AbortSignal): Promise<readonly StateEntry[]> {
    return this.#read(revision, signal, async () => {
      const lines = await listTree(this.#mirror.repository, {
        revision,
        folders: stateFolders(host),
        // One more than may be: whoever checks the state sees that there are too many.
        limit: ENTRY_LIMIT + 1,
        ...(signal === undefined ? {} : { signal }),
      });
      const oids = blobsToRead(lines);
      const blobs = await this.#bounded(
        () => Promise.resolve(oids),
        (gitdir) => readBlobs(gitdir, oids),
      );
      return toStateEntries(lines, blobs);
    });
  }

  /**
   * The newest commits up to a revision, newest first, as far as the mirror's history reaches. None when one of them is
   * larger than any message a person writes: they would have to be read whole.
   */
  log(revision: string, limit: number): Promise<readonly LogEntry[]> {
    const listing = ['rev-list', `--max-count=${limit}`, '--parents', revision];
    return this.#read(revision, undefined, async () => {
      const oids = await this.#oids(listing);
      if (await hasHugeCommit(this.#mirror.repository, oids)) return [];
      return this.#bounded(
        () => Promise.resolve(oids),
        (gitdir) => readLog(gitdir, revision, limit),
      );
    });
  }

  /** The paths below `hosts/<host>/` and `common/` that differ between two revisions. */
  changedFiles(change: {
    readonly from: string;
    readonly to: string;
    readonly host: string;
  }): Promise<readonly string[]> {
    const listing = ['rev-list', '--no-walk', '--objects', '--filter=blob:none', change.from, change.to];
    return this.#read(change.to, undefined, () =>
      this.#bounded(
        () => this.#oids(listing),
        (gitdir) => changedPaths(gitdir, change, stateFolders(change.host)),
      ),
    );
  }

  /** Notes in the mirror that a revision is trusted, which also keeps it from being tidied away. */
  trust(revision: string): Promise<void> {
    return this.#read(revision, undefined, async () => {
      await this.#git(['update-ref', TRUSTED, revision]);
    });
  }

  /** Does something with the mirror itself, in turn with everything else; damage is mended and it is done once more. */
  inMirror<Result>(
    revision: string,
    work: (mirror: Mirror) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.#read(revision, signal, () => work(this.#mirror));
  }

  /** Runs a read of a revision; when it fails, heals the mirror and tries once more. */
  #read<Result>(
    revision: string,
    signal: AbortSignal | undefined,
    read: () => Promise<Result>,
  ): Promise<Result> {
    return this.#turns.run(async () => {
      if (revision.length === 64) throw unreadableFormat(this.#url);
      try {
        return await read();
      } catch (error) {
        signal?.throwIfAborted();
        if (isFault(error)) throw error;
        await this.#mirror.heal(revision, signal);
      }
      try {
        return await read();
      } catch (error) {
        signal?.throwIfAborted();
        if (isFault(error)) throw error;
        throw unreadable(this.#mirror.repository.dir, revision, error);
      }
    });
  }

  async #descends(base: string, revision: string, signal: AbortSignal | undefined): Promise<boolean> {
    const answer = await this.#isAncestor(base, revision);
    if (answer === 'yes') return true;
    if (await this.#mirror.isShallow()) {
      // History is cut off: what lies before the cut decides.
      await this.#mirror.fetch(signal, 'all');
      return (await this.#settled(base, revision, signal)) === 'yes';
    }
    return answer === 'no' ? false : (await this.#settled(base, revision, signal)) === 'yes';
  }

  /** The answer over whole history, in which a base that is not there is no ancestor; unless something is damaged. */
  async #settled(base: string, revision: string, signal: AbortSignal | undefined): Promise<'yes' | 'no'> {
    const answer = await this.#isAncestor(base, revision);
    if (answer !== 'unknown') return answer;
    const damage = await this.#mirror.repository.damage(signal);
    if (damage !== undefined) throw new Error(damage);
    if (!(await this.#mirror.has(revision))) throw new Error(`${revision} is not in the mirror`);
    return 'no';
  }

  async #isAncestor(base: string, revision: string): Promise<'yes' | 'no' | 'unknown'> {
    const result = await this.#mirror.repository.run(['merge-base', '--is-ancestor', base, revision]);
    if (result.code === 0) return 'yes';
    return result.code === 1 ? 'no' : 'unknown';
  }

  #bounded<Result>(
    oids: () => Promise<readonly string[]>,
    read: (gitdir: string) => Promise<Result>,
  ): Promise<Result> {
    const limit = this.#packLimitBytes === undefined ? {} : { packLimitBytes: this.#packLimitBytes };
    return readBounded(this.#mirror.repository, { oids, read, ...limit });
  }

  /** All object names that a listing prints. */
  async #oids(listing: readonly string[]): Promise<readonly string[]> {
    const output = await this.#git(listing);
    return [
      ...new Set(
        output
          .split('\n')
          .flatMap((line) => (line.match(/^[0-9a-f]{40}( [0-9a-f]{40})*/)?.[0] ?? '').split(' ')),
      ),
    ].filter((oid) => oid !== '');
  }

  async #git(args: readonly string[]): Promise<string> {
    const result = await this.#mirror.repository.run(args);
    if (result.code !== 0) throw new Error(`git ${args[0] ?? ''} failed: ${gitWords(result)}`);
    return result.stdout;
  }
}

function stateFolders(host: string): readonly string[] {
  return [`hosts/${host}`, 'common'];
}

function unreadable(dir: string, revision: string, error: unknown): Transient {
  return new Transient(
    {
      reason: 'MirrorDamaged',
      message: `revision ${revision} cannot be read from ${dir}, even after it was fetched again: ${faultOf(error).message}`,
      next: 'check the disk of the state directory, and run git fsck in the state repo',
    },
    { cause: error },
  );
}
