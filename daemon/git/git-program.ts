import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GitCredentials } from '../../state-schema/generated/host-settings.ts';
import { Stalled } from '../errors.ts';
import { run, type RunResult } from '../process/run.ts';
import { ASKPASS_SCRIPT, askpassEnv } from './askpass.ts';
import { checkCredentialFiles } from './credential-files.ts';
import { gitConfiguration } from './git-configuration.ts';
import { writeOwnFile } from './own-file.ts';
import type { Remote, RemoteAccess } from './remote.ts';
import { shellWord } from '../shell-word.ts';
import { sshConfiguration } from './ssh-configuration.ts';

/** How long git may take, and how much. */
export interface GitLimits {
  /** A command that only reads or writes our own repository, milliseconds. */
  readonly localMs: number;
  /** A command that speaks to the remote, all in all, milliseconds. */
  readonly remoteMs: number;
  /** After how many seconds of next to nothing arriving an http transfer is given up. */
  readonly stallSeconds: number;
  /** The largest file that a command that reads from the remote may write: the most that a fetch brings. Bytes. */
  readonly fetchBytes: number;
}

const DEFAULT_LIMITS: GitLimits = {
  localMs: 60_000,
  remoteMs: 300_000,
  stallSeconds: 30,
  fetchBytes: 512 * 1024 * 1024,
};

/** What a `GitProgram` is opened with. */
export interface GitOptions {
  /** A folder of our own, made when it is not there: git's configuration, the askpass script and an empty home. */
  readonly home: string;
  /** The PATH on which git, ssh, sh, prlimit and setpriv are found. */
  readonly path: string;
  readonly remote: Remote;
  readonly credentials?: GitCredentials;
  readonly limits?: Partial<GitLimits>;
}

/** One call of git. */
export interface GitCall {
  /** The bare repository it works on; without one, none. */
  readonly gitDir?: string;
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Called for each line of stdout, which is then not collected. */
  readonly onStdoutLine?: (line: string) => void;
  /** That it speaks to the remote, and so may take longer, and what it does there. */
  readonly remote?: 'read' | 'write';
  /** Variables besides those that every call has. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The git binary for one remote, with an environment built from nothing: no configuration but ours, no hooks, no
 * prompts, no protocol but the remote's own.
 */
export class GitProgram implements RemoteAccess {
  readonly remote: Remote;
  readonly credentials?: GitCredentials;
  readonly limits: GitLimits;
  readonly #env: Readonly<Record<string, string>>;
  readonly #home: string;

  private constructor(options: GitOptions, limits: GitLimits) {
    this.remote = options.remote;
    if (options.credentials !== undefined) this.credentials = options.credentials;
    this.limits = limits;
    this.#home = join(options.home, 'home');
    this.#env = environment(options);
  }

  /** Writes git's configuration, ssh's, and the askpass script. */
  static async open(options: GitOptions): Promise<GitProgram> {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const emptyFolder = join(options.home, 'home');
    await mkdir(emptyFolder, { recursive: true, mode: 0o700 });
    const configuration = gitConfiguration(options, { ...limits, emptyFolder });
    await writeOwnFile(join(options.home, 'config'), configuration, 0o600);
    const ssh = sshConfiguration(options, limits.stallSeconds);
    await writeOwnFile(join(options.home, 'ssh_config'), ssh, 0o600);
    await writeOwnFile(join(options.home, 'askpass'), ASKPASS_SCRIPT, 0o700);
    return new GitProgram(options, limits);
  }

  /**
   * Runs git to its end; what it did is in the result, also when it failed or took too long.
   * Throws `Stalled` when git is not installed, and the signal's reason when it was aborted.
   */
  async run(args: readonly string[], call: GitCall): Promise<RunResult> {
    const { gitDir, remote, env, ...rest } = call;
    if (remote !== undefined) await checkCredentialFiles(this);
    const words = [...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]), ...args];
    const result = await run({
      ...rest,
      ...(remote === 'read' ? limited(words, this.limits.fetchBytes) : { program: 'git', args: words }),
      env: env === undefined ? this.#env : { ...this.#env, ...env },
      // Empty and ours: git must not find a repository, and with it a configuration, by where we happen to be.
      cwd: this.#home,
      timeoutMs: remote === undefined ? this.limits.localMs : this.limits.remoteMs,
    });
    if (result.end === 'stopped') call.signal?.throwIfAborted();
    if (result.end === 'not-found' || NOT_STARTED.test(result.stderr)) {
      throw new Stalled({
        reason: 'ProgramMissing',
        message: `git was not found on PATH (${this.#env['PATH'] ?? ''})`,
        next: 'apt install git',
      });
    }
    return result;
  }
}

const NOT_STARTED = /^prlimit: failed to execute git/;

/**
 * git under the kernel's limit for the size of a file, which its helpers inherit: a push of any size ends the fetch and
 * not the disk. git has no limit of its own for what it fetches.
 */
function limited(
  args: readonly string[],
  bytes: number,
): { readonly program: string; readonly args: readonly string[] } {
  return { program: 'prlimit', args: [`--fsize=${bytes}`, 'git', ...args] };
}

function environment(options: GitOptions): Readonly<Record<string, string>> {
  return {
    PATH: options.path,
    HOME: join(options.home, 'home'),
    LC_ALL: 'C.UTF-8',
    // One protocol, whatever any configuration or redirect says; overrides every protocol.*.allow.
    GIT_ALLOW_PROTOCOL: options.remote.protocol,
    GIT_ASKPASS: join(options.home, 'askpass'),
    GIT_CEILING_DIRECTORIES: dirname(options.home),
    // A file, not -c: git drops -c settings for the other side of a transfer on the same machine.
    GIT_CONFIG_GLOBAL: join(options.home, 'config'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_SSH_COMMAND: `ssh -F ${shellWord(join(options.home, 'ssh_config'))}`,
    // Else git asks the ssh it is given which one it is.
    GIT_SSH_VARIANT: 'ssh',
    GIT_TERMINAL_PROMPT: '0',
    ...askpassEnv(options),
  };
}
