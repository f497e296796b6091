import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WakeUp } from '../daemon/wake-up.ts';

const LONG = 2 ** 40;
const never = new AbortController().signal;

test('a call wakes who waits, and says why', async () => {
  const wakeUp = new WakeUp<string>();
  const waiting = wakeUp.wait(LONG, never);

  wakeUp.call('watch');

  assert.equal(await waiting, 'watch');
});

test('a call that nobody waited for is kept, and many are one: the first', async () => {
  const wakeUp = new WakeUp<string>();
  wakeUp.call('first');
  wakeUp.call('second');

  assert.equal(await wakeUp.wait(LONG, never), 'first');
  assert.equal(await wakeUp.wait(0, never), undefined);
});

test('time alone ends a wait without a cause', async () => {
  assert.equal(await new WakeUp<string>().wait(1, never), undefined);
});

test('a wait longer than a timer can count is a long one, not none', async () => {
  const wakeUp = new WakeUp<string>();
  let ended = false;
  const waiting = wakeUp.wait(LONG, never).then(() => (ended = true));

  await new WakeUp<string>().wait(20, never);
  assert.equal(ended, false);
  wakeUp.call('done');
  await waiting;
});

test('an abort ends the wait, and so does one that came before', async () => {
  const stop = new AbortController();
  const wakeUp = new WakeUp<string>();
  const waiting = wakeUp.wait(LONG, stop.signal);
  stop.abort();

  assert.equal(await waiting, undefined);
  assert.equal(await wakeUp.wait(LONG, stop.signal), undefined);
});
