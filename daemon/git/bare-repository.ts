import { access, lstat, mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveRef } from './object-reader.ts';
import { Transient } from '../errors.ts';
import type { RunResult } from '../process/run.ts';
import type { GitCall, GitProgram } from './git-program.ts';
import { gitWords } from './git-words.ts';

/** Files without which git does not see a repository, or sees another one. */
const ESSENTIAL = ['HEAD', 'config', 'objects', 'refs'];

/** What a killed git leaves behind: locks that would block the next one, and halves of objects and packs. */
const LEFTOVER =
  /\.lock$|^gc\.pid$|^tmp_(pack|idx|rev|obj|mtimes|bitmap|graph)|^tmp_objdir|^incoming-|^fast_import_crash_|^\.git_signing_buffer_tmp|\.new$/;

/**
 * A small bare repository of our own. It is disposable: everything in it can be fetched or written again, so that
 * damage is answered by making it anew. One process at a time works on it; the daemon's own lock sees to that.
 */
export class BareRepository {
  readonly dir: string;
  readonly git: GitProgram;

  private constructor(dir: string, git: GitProgram) {
    this.dir = dir;
    this.git = git;
  }

  /** Opens the repository at `dir`, makes it when it is not there, and clears away what an earlier crash left. */
  static async open(dir: string, git: GitProgram): Promise<BareRepository> {
    const repository = new BareRepository(dir, git);
    if (!(await exists(dir))) await repository.#init();
    else await repository.sweep();
    return repository;
  }

  /** Runs git on this repository. */
  run(args: readonly string[], call: Omit<GitCall, 'gitDir'> = {}): Promise<RunResult> {
    return this.git.run(args, { ...call, gitDir: this.dir });
  }

  /** The commit a ref points to; undefined when there is no such ref, or it is torn. No process is started. */
  ref(name: string): Promise<string | undefined> {
    return resolveRef(this.dir, name);
  }

  /** Removes locks and half-written files. Safe whenever no git runs here: each would be removed by its own maker. */
  async sweep(): Promise<void> {
    // Where there is no folder, there is nothing to sweep, and whoever needs it makes it anew.
    if (!(await isFolder(this.dir))) return;
    for (const entry of await readdir(this.dir, { recursive: true, withFileTypes: true })) {
      if (!LEFTOVER.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory()) await rm(path, { recursive: true, force: true });
      else await unlink(path).catch(ignoreAbsent);
    }
  }

  /** What is broken in it, in git's words; undefined when every ref and every object is whole. Reads all of them. */
  async damage(signal?: AbortSignal): Promise<string | undefined> {
    for (const name of ESSENTIAL) {
      if (!(await exists(join(this.dir, name)))) return `${join(this.dir, name)} is missing`;
    }
    const fsck = await this.run(
      ['fsck', '--full', '--no-dangling', '--no-progress'],
      signal === undefined ? {} : { signal },
    );
    return fsck.code === 0 ? undefined : gitWords(fsck);
  }

  /** Puts the whole repository aside, over the one put aside before, and starts an empty one. */
  async remake(): Promise<void> {
    const aside = `${this.dir}.damaged`;
    await rm(aside, { recursive: true, force: true });
    await rename(this.dir, aside).catch(ignoreAbsent);
    await this.#init();
  }

  /** Throws the whole repository away and starts an empty one. */
  async startOver(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
    await this.#init();
  }

  async #init(): Promise<void> {
    await mkdir(this.dir, { recursive: true, mode: 0o700 });
    const init = await this.run(['init', '--bare', '--quiet', '--template=', '--object-format=sha1']);
    if (init.code === 0) return;
    throw new Transient({
      reason: 'MirrorDamaged',
      message: `could not make the repository ${this.dir}: ${gitWords(init)}`,
      next: `check the disk and the owner of ${this.dir}`,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function ignoreAbsent(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}
