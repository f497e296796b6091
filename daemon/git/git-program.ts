import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GitCredentials } from '../../state-schema/generated/host-settings.ts';
import { faultOf, Stalled } from '../errors.ts';
import { run, type RunResult } from '../process/run.ts';
import { ASKPASS_SCRIPT, askpassEnv } from './askpass.ts';
import { writeOwnFile } from './own-file.ts';
import type { Remote } from './remote.ts';

/** How long git may take. */
export interface GitLimits {
  /** A command that only reads or writes our own repository, milliseconds. */
  readonly localMs: number;
  /** A command that speaks to the remote, all in all, milliseconds. */
  readonly remoteMs: number;
  /** After how many seconds of next to nothing arriving an http transfer is given up. */
  readonly stallSeconds: number;
}

const DEFAULT_LIMITS: GitLimits = { localMs: 60_000, remoteMs: 300_000, stallSeconds: 30 };

/** What a `GitProgram` is opened with. */
export interface GitOptions {
  /** A folder of our own, made when it is not there: git's configuration, the askpass script and an empty home. */
  readonly home: string;
  /** The PATH on which git, ssh, sh and setpriv are found. */
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
  /** Whether it speaks to the remote, and so may take longer. */
  readonly remote?: boolean;
}

/**
 * The git binary for one remote, with an environment built from nothing: no configuration but ours, no hooks, no
 * prompts, no protocol but the remote's own.
 */
export class GitProgram {
  readonly remote: Remote;
  readonly #env: Readonly<Record<string, string>>;
  readonly #home: string;
  readonly #limits: GitLimits;
  readonly #passwordFile: string | undefined;

  private constructor(options: GitOptions, limits: GitLimits) {
    this.remote = options.remote;
    this.#limits = limits;
    this.#passwordFile = options.credentials?.passwordFile;
    this.#home = join(options.home, 'home');
    this.#env = environment(options);
  }

  /** Writes git's configuration and the askpass script. */
  static async open(options: GitOptions): Promise<GitProgram> {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    await mkdir(join(options.home, 'home'), { recursive: true, mode: 0o700 });
    await writeOwnFile(join(options.home, 'config'), configuration(options, limits), 0o600);
    await writeOwnFile(join(options.home, 'askpass'), ASKPASS_SCRIPT, 0o700);
    return new GitProgram(options, limits);
  }

  /**
   * Runs git to its end; what it did is in the result, also when it failed or took too long.
   * Throws `Stalled` when git is not installed, and the signal's reason when it was aborted.
   */
  async run(args: readonly string[], call: GitCall): Promise<RunResult> {
    const { gitDir, remote, ...rest } = call;
    if (remote === true) await this.#checkPasswordFile();
    const result = await run({
      ...rest,
      program: 'git',
      args: [...(gitDir === undefined ? [] : [`--git-dir=${gitDir}`]), ...args],
      env: this.#env,
      // Empty and ours: git must not find a repository, and with it a configuration, by where we happen to be.
      cwd: this.#home,
      timeoutMs: remote === true ? this.#limits.remoteMs : this.#limits.localMs,
    });
    if (result.end === 'stopped') call.signal?.throwIfAborted();
    if (result.end === 'not-found') {
      throw new Stalled({
        reason: 'ProgramMissing',
        message: `git was not found on PATH (${this.#env['PATH'] ?? ''})`,
        next: 'apt install git',
      });
    }
    return result;
  }

  /** git itself would only say that it could not read a password. */
  async #checkPasswordFile(): Promise<void> {
    if (this.#passwordFile === undefined) return;
    try {
      await access(this.#passwordFile, constants.R_OK);
    } catch (error) {
      throw new Stalled(
        {
          reason: 'AuthenticationFailed',
          message: `the password for ${this.remote.url} cannot be read: ${faultOf(error).message}`,
          next: `put the password or token into ${this.#passwordFile}, or correct passwordFile in the host settings`,
        },
        { cause: error },
      );
    }
  }
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
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=20',
    GIT_TERMINAL_PROMPT: '0',
    ...askpassEnv(options.remote, options.credentials),
  };
}

function configuration(options: GitOptions, limits: GitLimits): string {
  const lines = [
    '# Written by anchord at every start; changes are lost.',
    '[core]',
    'hooksPath = /dev/null',
    // What we fetch and commit survives a power cut; a ref never points to objects that did not reach the disk.
    'fsync = committed',
    'fsyncMethod = batch',
    'quotePath = true',
    '[transfer]',
    'fsckObjects = true',
    '[gc]',
    // With fsckObjects git keeps every fetch as a pack of its own.
    'autoPackLimit = 20',
    'auto = 1000',
    'autoDetach = false',
    '[maintenance]',
    'auto = false',
    '[http]',
    'lowSpeedLimit = 1000',
    `lowSpeedTime = ${limits.stallSeconds}`,
    // With a password at hand nobody else's address is followed; without one git's own rule (the first request) stands.
    `followRedirects = ${options.credentials === undefined ? 'initial' : 'false'}`,
  ];
  // A local repository may belong to somebody else. This file is read by the git processes we start and by no other,
  // and those open only our own repository and the one the host settings name.
  if (options.remote.kind === 'path') lines.push('[safe]', 'directory = *');
  return `${lines.join('\n')}\n`;
}
