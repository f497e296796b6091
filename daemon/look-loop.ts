import { jittered } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { AnchordEvent } from './events.ts';
import { lookInMs } from './reconcile/next-look.ts';
import type { Round } from './reconcile/round.ts';
import type { WakeUp } from './wake-up.ts';

/** Why the daemon looks at the remote now. */
export type LookCause = Extract<AnchordEvent, { kind: 'look.started' }>['cause'];

/** What the loop needs. */
export interface LookLoopParts {
  readonly looks: WakeUp<LookCause>;
  /** What the round at the start came to. */
  readonly first: Round;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  /** One round; with a cause it looks at the remote, too. */
  readonly round: (cause: LookCause | undefined) => Promise<Round>;
}

/**
 * Looks whenever something says so and when it is time. While the remote is away looks become rarer, but the host is
 * still made to match at every interval.
 */
export async function lookUntilStopped(parts: LookLoopParts): Promise<void> {
  const { looks, clock, intervalMs, signal } = parts;
  let failures = 0;
  function nextLookAt({ next }: Round): number {
    failures = next.kind === 'backoff' ? failures + 1 : 0;
    const now = { time: clock.now(), failures, intervalMs, random: Math.random() };
    return clock.monotonic() + lookInMs(next, now);
  }
  let lookAt = nextLookAt(parts.first);
  let passAt = clock.monotonic() + jittered(intervalMs, Math.random());
  while (!signal.aborted) {
    const called = await looks.wait(Math.max(0, Math.min(lookAt, passAt) - clock.monotonic()), signal);
    if (signal.aborted) return;
    const cause =
      called ?? (clock.monotonic() >= lookAt ? (failures === 0 ? 'interval' : 'retry') : undefined);
    const ended = await parts.round(cause);
    passAt = clock.monotonic() + jittered(intervalMs, Math.random());
    if (cause !== undefined) lookAt = nextLookAt(ended);
  }
}
