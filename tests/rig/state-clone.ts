import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MOST_ATTEMPTS = 50;
/** What git says to whoever was second. */
const SECOND = /cannot lock ref|failed to (update ref|lock)|incorrect old value|fetch first|non-fast-forward/;

/** A person's clone of a state repo. */
export class StateClone {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static clone(upstream: string, dir: string): StateClone {
    const clone = new StateClone(dir);
    mkdirSync(dir, { recursive: true });
    clone.git('clone', '--quiet', upstream, '.');
    return clone;
  }

  /** Writes files (`null` removes), commits and pushes; returns the commit. */
  push(files: Readonly<Record<string, string | Uint8Array | null>>, ...pushArgs: readonly string[]): string {
    const commit = this.commit(files);
    this.git('push', '--quiet', ...pushArgs, 'origin', 'HEAD:main');
    return commit;
  }

  /** Pushes to a branch that a daemon writes, too: whichever of the two is second is refused, and tries again. */
  pushUntilThrough(...args: readonly string[]): void {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.git('push', '--quiet', 'origin', ...args);
        return;
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !SECOND.test(String(error))) throw error;
      }
    }
  }

  /** Writes files and commits. */
  commit(files: Readonly<Record<string, string | Uint8Array | null>>): string {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.dir, name);
      if (text === null) {
        rmSync(file);
        continue;
      }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', `change ${Object.keys(files).join(', ')}`);
    return this.git('rev-parse', 'HEAD').trim();
  }

  /** A file as it is on a remote branch now, fetched first. */
  gitAt(branch: string, file: string): string {
    this.git('fetch', '--quiet', 'origin');
    return this.git('show', `${branch}:${file}`);
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', [...args], {
      cwd: this.dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_AUTHOR_NAME: 'Anna',
        GIT_AUTHOR_EMAIL: 'anna@example.org',
        GIT_COMMITTER_NAME: 'Anna',
        GIT_COMMITTER_EMAIL: 'anna@example.org',
      },
    });
  }
}
