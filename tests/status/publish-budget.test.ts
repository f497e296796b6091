import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earn, fullBudget, spend, waitFor } from '../../daemon/status/publish-budget.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 21, 12);

test('five at once, then one a minute', () => {
  let budget = fullBudget(NOON);
  const at: number[] = [];

  for (let now = NOON; now < NOON + 3 * MINUTE; now += 1_000) {
    budget = earn(budget, now);
    while (waitFor(budget, now) === 0) {
      at.push((now - NOON) / 1_000);
      budget = spend(budget);
    }
  }

  assert.deepEqual(at, [0, 0, 0, 0, 0, 60, 120]);
});

test('what is not used does not add up past five', () => {
  assert.equal(earn(fullBudget(NOON), NOON + 60 * MINUTE).left, 5);
});

test('a part of a minute is not lost', () => {
  let budget = spentOut();
  budget = earn(budget, NOON + 90_000);
  assert.equal(budget.left, 1);

  assert.equal(earn(budget, NOON + 120_000).left, 2);
});

test('the wait is as long as it says', () => {
  const budget = spentOut();

  assert.equal(waitFor(budget, NOON + 20_000), 40_000);
  assert.equal(waitFor(earn(budget, NOON + 60_000), NOON + 60_000), 0);
});

test('a clock that goes back earns nothing, costs nothing and never makes the wait longer than a minute', () => {
  const back = earn(spentOut(), NOON - 24 * 60 * MINUTE);

  assert.equal(back.left, 0);
  assert.equal(waitFor(back, NOON - 24 * 60 * MINUTE), MINUTE);
  assert.equal(earn(fullBudget(NOON), NOON - MINUTE).left, 5);
});

test('an urgent commit may be made with nothing left, and leaves no debt', () => {
  assert.equal(spend(spentOut()).left, 0);
});

function spentOut(): ReturnType<typeof fullBudget> {
  let budget = fullBudget(NOON);
  for (let n = 0; n < 5; n++) budget = spend(budget);
  return budget;
}
