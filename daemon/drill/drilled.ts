import type { Fault } from '../errors.ts';

/** So many files of each copy are told one by one. */
const TOLD = 20;

/** What came of drilling one copy. */
export type DrillResult =
  | { readonly kind: 'drilled'; readonly drilled: Drilled }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** What was compared of one copy, and how. Filled while it is compared. */
export class Drilled {
  /** Files that came back, and bytes in them. */
  files = 0;
  bytes = 0;
  /** How many of them were compared byte by byte, by their SHA-256, with something else than the copy itself. */
  hashed = 0;
  /** How many are not what was stored. */
  wrongCount = 0;
  readonly wrong: string[] = [];
  /** What could not be compared, and why. */
  readonly notes: string[] = [];
  /** Whether something is missing for the copy to count as proved, although nothing was wrong. */
  isIncomplete = false;
  /** Newest snapshot that all was well with. */
  snapshot: string | undefined;

  /** Counts a file that is as it was. */
  good(bytes: number, wasHashed: boolean): void {
    this.files++;
    this.bytes += bytes;
    if (wasHashed) this.hashed++;
  }

  /** Counts a file that is not. */
  bad(path: string, what: string): void {
    this.wrongCount++;
    if (this.wrong.length < TOLD) this.wrong.push(`${path}: ${what}`);
  }

  /** Names what could not be compared; `isGap`: without it the copy is not proved. */
  note(text: string, isGap: boolean): void {
    this.notes.push(text);
    if (isGap) this.isIncomplete = true;
  }
}
