import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { AnchordEvent } from '../../daemon/events.ts';
import { StateRepo, type StateRepoOptions } from '../../daemon/git/state-repo.ts';
import { StatusBranch, type StatusBranchOptions } from '../../daemon/git/status-branch.ts';

const execute = promisify(execFile);

/** What the rig's own git runs with: somebody at another machine, whose configuration is not ours. */
const PERSON: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Anna',
  GIT_AUTHOR_EMAIL: 'anna@example.org',
  GIT_COMMITTER_NAME: 'Anna',
  GIT_COMMITTER_EMAIL: 'anna@example.org',
};

/** A temporary folder with real repositories in it. */
export class GitRig implements AsyncDisposable {
  readonly dir: string;
  readonly events: AnchordEvent[] = [];
  #commits = 0;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<GitRig> {
    return new GitRig(await mkdtemp(join(tmpdir(), 'anchord-git-')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  path(...parts: readonly string[]): string {
    return join(this.dir, ...parts);
  }

  /** Runs git as the person who pushes; returns stdout without its last line end. */
  async git(args: readonly string[], input?: string): Promise<string> {
    const running = execute('git', [...args], { env: PERSON, maxBuffer: 64 * 1024 * 1024 });
    running.child.stdin?.end(input);
    return (await running).stdout.trimEnd();
  }

  /** An empty repository: bare, or with a work tree. */
  async init(name: string, kind: 'bare' | 'work-tree' = 'bare'): Promise<string> {
    const path = this.path(name);
    await this.git(['init', '--quiet', '-b', 'main', ...(kind === 'bare' ? ['--bare'] : []), path]);
    return path;
  }

  /**
   * Commits files on top of a branch without a work tree, each a second after the last, and returns the commit.
   * `null` removes a file; `parent: null` starts a new history.
   */
  async commit(
    repository: string,
    files: Readonly<Record<string, string | Uint8Array | null>>,
    options: { readonly branch?: string; readonly parent?: string | null } = {},
  ): Promise<string> {
    const branch = options.branch ?? 'main';
    const ref = `refs/heads/${branch}`;
    const tip = await this.git(['-C', repository, 'for-each-ref', '--format=%(objectname)', ref]);
    const parent = options.parent === undefined ? tip : (options.parent ?? '');
    this.#commits += 1;
    const who = `Anna <anna@example.org> ${1_700_000_000 + this.#commits} +0000`;
    const parts: (string | Uint8Array)[] = [
      `commit ${ref}\nauthor ${who}\ncommitter ${who}\ndata <<.\ncommit ${this.#commits}\n.\n`,
      parent === '' ? '' : `from ${parent}\n`,
    ];
    if (parent === '' && tip !== '') parts.unshift(`reset ${ref}\n`);
    for (const [path, content] of Object.entries(files)) {
      if (content === null) parts.push(`D ${JSON.stringify(path)}\n`);
      else
        parts.push(
          `M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(content)}\n`,
          content,
          '\n',
        );
    }
    await this.import(repository, Buffer.concat(parts.map((part) => Buffer.from(part))));
    return this.git(['-C', repository, 'rev-parse', ref]);
  }

  /** Feeds a fast-import stream to a repository. */
  async import(repository: string, stream: Uint8Array): Promise<void> {
    const running = execute('git', ['-C', repository, 'fast-import', '--quiet', '--force'], { env: PERSON });
    running.child.stdin?.end(stream);
    await running;
  }

  /** Explodes a pack into the loose objects of a repository. */
  async unpack(repository: string, pack: string): Promise<void> {
    const running = execute('git', ['--git-dir', repository, 'unpack-objects', '-q'], { env: PERSON });
    running.child.stdin?.end(await readFile(pack));
    await running;
  }

  /** Opens a state repo whose state directory is `state` below the rig. */
  openState(
    url: string,
    more: Partial<StateRepoOptions> & { readonly packLimitBytes?: number } = {},
  ): Promise<StateRepo> {
    return StateRepo.open({
      dir: this.path('state/mirror.git'),
      home: this.path('state/git/mirror'),
      path: PERSON['PATH'] ?? '',
      branch: 'main',
      url,
      emit: (event) => this.events.push(event),
      ...more,
    });
  }

  /** Opens a status branch of host `motoko`, with a repository of its own per `name`. */
  openStatus(url: string, name = 'status', more: Partial<StatusBranchOptions> = {}): Promise<StatusBranch> {
    return StatusBranch.open({
      dir: this.path(`state/${name}.git`),
      home: this.path(`state/git/${name}`),
      path: PERSON['PATH'] ?? '',
      host: 'motoko',
      url,
      ...more,
    });
  }

  async write(name: string, content: string | Uint8Array, mode = 0o644): Promise<string> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode });
    return path;
  }
}
