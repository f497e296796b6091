import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../daemon/clock.ts';
import type { AnchordEvent } from '../../daemon/events.ts';
import { PolicyEngine } from '../../daemon/policies/policy-engine.ts';
import { RemovalLedger } from '../../daemon/policies/removal-ledger.ts';
import { PlanBook } from '../../daemon/policies/plans/plan-book.ts';
import type { PolicyParts } from '../../daemon/policies/policy-parts.ts';
import { Secrets } from '../../daemon/secrets/secrets.ts';
import { summarize } from '../../daemon/status/summarize.ts';
import { condition, statusFacts } from '../status/status-facts.ts';
import { Conditions } from '../../daemon/status/conditions.ts';
import type { Condition } from '../../state-schema/generated/status.ts';

const CLOCK: Clock = { now: () => new Date('2026-11-21T12:00:00Z'), monotonic: () => 0 };
const FULL = new Error('SQLITE_FULL: database or disk is full');

test('what cannot be kept on a full disk is told all the same, and kept as soon as there is room', async () => {
  const events: AnchordEvent[] = [];
  const saved: (readonly Condition[])[] = [];
  let isFull = true;
  const conditions = new Conditions([], {
    store: {
      async saveConditions(list) {
        if (isFull) throw FULL;
        saved.push(list);
      },
    },
    clock: CLOCK,
    emit: (event) => events.push(event),
  });
  const word = { type: 'Fetched', status: 'False', reason: 'NoSpace', message: 'full' } as const;

  await conditions.say(word);
  const whileFull = [...events.map(({ kind }) => kind), conditions.get('Fetched')?.message];
  isFull = false;
  await conditions.say(word);
  await conditions.say(word);

  assert.deepEqual(whileFull, ['store.failed', 'condition.changed', 'full']);
  assert.deepEqual(
    saved.map((list) => list.map(({ type }) => type)),
    [['Fetched']],
  );
});

test('a host whose passes fail is not called well, although no resource is wrong', () => {
  const applied = {
    status: 'False',
    reason: 'NoSpace',
    message: 'the disk is full; next: make room',
  } as const;
  const conditions = [condition('Ready', 'False'), { ...condition('Applied', 'False'), ...applied }];

  const { summary } = summarize(statusFacts({ conditions }));

  assert.deepEqual(summary, {
    level: 'warning',
    sentence: 'motoko could not be made to match.',
    reason: 'the disk is full',
    next: 'make room',
  });
});

test('the policies start on a full disk, and end what a crash left open once there is room', async () => {
  const events: AnchordEvent[] = [];
  let isFull = true;
  let asked = 0;
  const store = {
    async openRuns() {
      asked++;
      if (isFull) throw FULL;
      return [];
    },
  } as unknown as PolicyParts['store'];
  await using engine = new PolicyEngine({
    store,
    clock: CLOCK,
    emit: (event) => events.push(event),
    host: 'motoko',
    root: '/',
    stateDir: '/nonexistent',
    path: '',
    settings: { allow: {}, overrides: {} },
    secrets: new Secrets({ root: '/' }),
    guard: () => Promise.resolve(undefined),
    clockFault: () => Promise.resolve(undefined),
    ledger: new RemovalLedger('/nonexistent'),
    plans: new PlanBook({ store, stateDir: '/nonexistent', clock: CLOCK, acceptsFirst: false }),
  });

  await engine.start();
  isFull = false;
  await engine.wake();
  await engine.wake();

  assert.deepEqual(
    events.map((event) => event.kind === 'policies.failed' && event.fault.message),
    [FULL.message],
  );
  assert.equal(asked, 2);
});
