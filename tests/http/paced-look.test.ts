import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOK_PACE_MS, PacedLook } from '../../daemon/http/paced-look.ts';

test('the first ask looks at once; however many follow at once look once more, later', async () => {
  const looked: number[] = [];
  let onLook: (() => void) | undefined;
  const paced = new PacedLook(() => {
    looked.push(performance.now());
    onLook?.();
  });

  paced.ask();
  const second = new Promise<void>((resolve) => (onLook = resolve));
  for (let times = 0; times < 500; times++) paced.ask();
  assert.equal(looked.length, 1);
  // Its own timer keeps no process alive; this one does, until it has come.
  const alive = setInterval(() => {}, LOOK_PACE_MS);
  await second;
  clearInterval(alive);

  assert.equal(looked.length, 2);
  const [first = 0, next = 0] = looked;
  assert.ok(next - first >= LOOK_PACE_MS - 5, `${next - first} ms apart`);
});

test('one that was stopped looks no more', () => {
  let looks = 0;
  const paced = new PacedLook(() => looks++);

  paced.ask();
  paced.ask();
  paced.stop();

  assert.equal(looks, 1);
});
