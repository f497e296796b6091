import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KIB = 1024;

/** A disk of a few mebibytes that can be filled to its last block, mounted where a test says. Needs root. */
export class SmallDisk implements Disposable {
  readonly at: string;
  #isMounted = true;
  readonly #ballast: string;

  private constructor(at: string) {
    this.at = at;
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

  /** Takes the disk away, as one that is pulled. */
  pull(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#isMounted) execFileSync('umount', ['--lazy', this.at]);
    this.#isMounted = false;
  }
}
