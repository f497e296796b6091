import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KIB = 1024;

/** A disk of a few mebibytes that can be filled to its last block, mounted where a test says. Needs root. */
export class SmallDisk implements Disposable {
  readonly #at: string;
  readonly #ballast: string;

  private constructor(at: string) {
    this.#at = at;
    this.#ballast = join(at, 'ballast');
  }

  static mount(at: string, size: string): SmallDisk {
    mkdirSync(at, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', at]);
    return new SmallDisk(at);
  }

  /** Leaves no block free. */
  fill(): void {
    for (let chunk = KIB; chunk >= 1; chunk /= 2) {
      for (;;) {
        try {
          writeFileSync(this.#ballast, Buffer.alloc(chunk * KIB), { flag: 'a' });
        } catch {
          break; // it was too much: a little less
        }
      }
    }
  }

  /** Makes room again. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['--lazy', this.#at]);
  }
}
