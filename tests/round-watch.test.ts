import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundWatch } from '../daemon/round-watch.ts';

const MINUTE = 60_000;

function watchAt(start: number): { readonly watch: RoundWatch; readonly clock: { now: number } } {
  const clock = { now: start };
  return { clock, watch: new RoundWatch({ monotonic: () => clock.now }, MINUTE) };
}

test('a loop whose rounds begin and end makes progress, for years', async () => {
  const { watch, clock } = watchAt(0);

  for (let round = 0; round < 1000; round++) {
    await watch.during(async () => (clock.now += 5 * MINUTE));
    assert.equal(watch.stuck(), undefined);
    clock.now += MINUTE;
    assert.equal(watch.stuck(), undefined);
  }
});

test('a round may take minutes, and not an hour', async () => {
  const { watch, clock } = watchAt(0);
  let end: (() => void) | undefined;
  const round = watch.during(() => new Promise<void>((resolve) => (end = resolve)));

  clock.now += 29 * MINUTE;
  assert.equal(watch.stuck(), undefined);
  clock.now += 31 * MINUTE;
  assert.equal(watch.stuck(), 'a round has not ended for 60 minutes');
  end?.();

  assert.equal((await round).ms, 60 * MINUTE);
  assert.equal(watch.stuck(), undefined);
});

test('a loop that begins no round after its interval is stuck, also before the first', () => {
  const { watch, clock } = watchAt(0);

  clock.now += 6 * MINUTE;
  assert.equal(watch.stuck(), undefined);
  clock.now += MINUTE;
  assert.equal(watch.stuck(), 'no round has begun for 7 minutes');
});

test('a round that throws has ended, too', async () => {
  const { watch, clock } = watchAt(0);

  await assert.rejects(watch.during(() => Promise.reject(new Error('no'))));
  clock.now += MINUTE;

  assert.equal(watch.stuck(), undefined);
});
