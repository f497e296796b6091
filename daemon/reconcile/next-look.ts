import { backoffMs, jittered } from '../backoff.ts';
import { Stalled, Waiting } from '../errors.ts';

/** When to look at the remote again. */
export type NextLook =
  /** As always: nothing is wrong, or only a person can mend it, and then it shows at the remote. */
  | { readonly kind: 'interval' }
  /** It may work next time: sooner at first, then ever later. */
  | { readonly kind: 'backoff' }
  /** Not before a certain time. */
  | { readonly kind: 'until'; readonly time: Date };

/** What an error means for the next look: its type alone decides. Pure. */
export function nextLookAfter(error: unknown): NextLook {
  if (error instanceof Stalled) return { kind: 'interval' };
  if (error instanceof Waiting) return { kind: 'until', time: error.until };
  return { kind: 'backoff' };
}

/** Milliseconds until the next look. `failures`: how many in a row asked for backoff. `random` is in [0, 1). Pure. */
export function lookInMs(
  next: NextLook,
  now: {
    readonly time: Date;
    readonly failures: number;
    readonly intervalMs: number;
    readonly random: number;
  },
): number {
  switch (next.kind) {
    case 'interval':
      return jittered(now.intervalMs, now.random);
    case 'backoff':
      return backoffMs(now.failures, now.random);
    case 'until':
      return Math.max(0, next.time.getTime() - now.time.getTime());
  }
}
