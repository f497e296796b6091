import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stalled, Transient, Waiting } from '../../daemon/errors.ts';
import { lookUntilStopped, type LookCause } from '../../daemon/look-loop.ts';
import { lookInMs, nextLookAfter } from '../../daemon/reconcile/next-look.ts';
import type { Round } from '../../daemon/reconcile/round.ts';
import { WakeUp } from '../../daemon/wake-up.ts';

const FAULT = { reason: 'FetchFailed', message: 'no' } as const;
const NOW = new Date('2026-11-21T03:00:00Z');

test('the type of an error alone decides when to look again', () => {
  const until = new Date('2026-11-21T04:00:00Z');

  assert.deepEqual(nextLookAfter(new Stalled(FAULT)), { kind: 'interval' });
  assert.deepEqual(nextLookAfter(new Waiting({ ...FAULT, until })), { kind: 'until', time: until });
  assert.deepEqual(nextLookAfter(new Transient(FAULT)), { kind: 'backoff' });
  assert.deepEqual(nextLookAfter(new TypeError('a bug')), { kind: 'backoff' });
});

test('backoff starts small, doubles, stops at a quarter of an hour and is spread', () => {
  function backoff(failures: number, random: number): number {
    return lookInMs({ kind: 'backoff' }, { time: NOW, failures, intervalMs: 60_000, random });
  }

  assert.deepEqual(
    [1, 2, 3, 100].map((failures) => backoff(failures, 1)),
    [2_000, 4_000, 8_000, 900_000],
  );
  assert.equal(backoff(100, 0), 450_000);
});

test('the interval is spread by a tenth each way, and a time that has passed is now', () => {
  const now = { time: NOW, failures: 0, intervalMs: 60_000 };

  assert.equal(lookInMs({ kind: 'interval' }, { ...now, random: 0 }), 54_000);
  assert.equal(lookInMs({ kind: 'interval' }, { ...now, random: 1 }), 66_000);
  assert.equal(lookInMs({ kind: 'until', time: new Date(NOW.getTime() + 5) }, { ...now, random: 0 }), 5);
  assert.equal(lookInMs({ kind: 'until', time: new Date(0) }, { ...now, random: 0 }), 0);
});

test('while looks fail and become rarer, passes go on at every interval', async () => {
  const stop = new AbortController();
  const time = steppedTime();
  const causes: (LookCause | undefined)[] = [];
  const failing: Round = { next: { kind: 'backoff' }, isNews: false };

  await lookUntilStopped({
    looks: time.looks,
    first: failing,
    clock: time.clock,
    intervalMs: 1_000,
    signal: stop.signal,
    async round(cause) {
      causes.push(cause);
      if (causes.length === 40) stop.abort();
      return failing;
    },
  });

  const passes = causes.filter((cause) => cause === undefined).length;
  const looks = causes.filter((cause) => cause === 'retry').length;
  assert.equal(passes + looks, 40);
  assert.ok(looks >= 3 && looks <= 8, `${looks} looks`);
});

/** A clock that only moves when somebody waits for it. */
function steppedTime(): {
  readonly clock: { now(): Date; monotonic(): number };
  readonly looks: WakeUp<LookCause>;
} {
  let at = 0;
  const looks = new WakeUp<LookCause>();
  looks.wait = (ms) => {
    at += ms;
    return Promise.resolve(undefined);
  };
  return { clock: { now: () => new Date(NOW.getTime() + at), monotonic: () => at }, looks };
}
