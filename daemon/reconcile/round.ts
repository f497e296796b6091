import type { NextLook } from './next-look.ts';

/** What a round came to. */
export interface Round {
  readonly next: NextLook;
  /** Whether a revision came into force or was refused, or the pass changed or could not change something. */
  readonly isNews: boolean;
}

/** What the look of a round came to. */
export interface Looked extends Round {
  /** Whether it made the host match, too. */
  readonly passed: boolean;
}

/** The next look at its usual time. */
export const AS_ALWAYS: NextLook = { kind: 'interval' };
/** A look that found nothing. */
export const NOTHING_NEW: Looked = { next: AS_ALWAYS, passed: false, isNews: false };
