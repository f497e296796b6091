import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../daemon/clock.ts';
import type { AnchordEvent } from '../../daemon/events.ts';
import { Conditions, type ConditionWord } from '../../daemon/status/conditions.ts';
import type { Condition } from '../../state-schema/generated/status.ts';

const GOOD: ConditionWord = { type: 'Fetched', status: 'True', reason: 'Succeeded', message: 'good' };
const BAD: ConditionWord = { type: 'Fetched', status: 'False', reason: 'Offline', message: 'bad' };

test('a condition keeps the time it last turned, however often its words change', async () => {
  const { conditions, clock } = make();
  await conditions.say(GOOD);
  clock.time = '2026-11-21T13:00:00Z';
  await conditions.say({ ...GOOD, message: 'still good', observedRevision: 'b' });
  assert.equal(conditions.get('Fetched')?.lastTransitionTime, '2026-11-21T12:00:00Z');
  assert.equal(conditions.get('Fetched')?.message, 'still good');

  await conditions.say(BAD);
  assert.equal(conditions.get('Fetched')?.lastTransitionTime, '2026-11-21T13:00:00Z');
});

test('what says the same is neither written nor told', async () => {
  const { conditions, saved, events } = make();
  await conditions.say(GOOD);

  await conditions.say(GOOD, GOOD);

  assert.equal(saved.length, 1);
  assert.equal(events.length, 1);
});

test('what is told is already kept', async () => {
  const { conditions, saved, events } = make();

  await conditions.say(GOOD, { ...GOOD, type: 'Applied' });

  assert.deepEqual(
    saved.at(-1)?.map(({ type }) => type),
    ['Fetched', 'Applied'],
  );
  assert.deepEqual(
    events.map((event) => event.kind === 'condition.changed' && event.condition.type),
    ['Fetched', 'Applied'],
  );
});

test('conditions stand in one order, whatever the order they were said in', async () => {
  const { conditions } = make();

  await conditions.say({ ...GOOD, type: 'StatusPublished' }, { ...GOOD, type: 'Ready' }, GOOD);

  assert.deepEqual(
    conditions.list().map(({ type }) => type),
    ['Ready', 'Fetched', 'StatusPublished'],
  );
});

test('what was known before a restart goes on', async () => {
  const known: Condition = { ...GOOD, lastTransitionTime: '2026-01-01T00:00:00Z' } as Condition;
  const { conditions, saved } = make([known]);

  await conditions.say(GOOD);

  assert.deepEqual(conditions.list(), [known]);
  assert.equal(saved.length, 0);
});

function make(known: readonly Condition[] = []): {
  conditions: Conditions;
  clock: Clock & { time: string };
  saved: (readonly Condition[])[];
  events: AnchordEvent[];
} {
  const saved: (readonly Condition[])[] = [];
  const events: AnchordEvent[] = [];
  const clock = {
    time: '2026-11-21T12:00:00Z',
    now: () => new Date(clock.time),
    monotonic: () => 0,
  };
  const store = {
    saveConditions: async (list: readonly Condition[]): Promise<void> => void saved.push(list),
  };
  const conditions = new Conditions(known, { store, clock, emit: (event) => events.push(event) });
  return { conditions, clock, saved, events };
}
