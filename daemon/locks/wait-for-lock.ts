import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { acquireLock, type LockRequest, type LockResult } from './file-lock.ts';

const LOOK_AGAIN_MS = 500;

/** How long to wait for a lock. */
export interface LockPatience {
  readonly clock: Clock;
  /** Milliseconds until the answer is `busy`. */
  readonly waitMs: number;
  /** Ends the waiting at once, with `busy`. */
  readonly signal: AbortSignal;
}

/** Takes a lock, waiting a bounded time for whoever has it. */
export async function waitForLock(request: LockRequest, patience: LockPatience): Promise<LockResult> {
  const deadline = patience.clock.monotonic() + patience.waitMs;
  for (;;) {
    const result = await acquireLock(request);
    if (result.kind === 'held' || patience.signal.aborted || patience.clock.monotonic() >= deadline)
      return result;
    await pause(LOOK_AGAIN_MS, patience.signal);
  }
}

/** Waits, or less when the signal says so. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
