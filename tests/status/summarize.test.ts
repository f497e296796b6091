import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { summarize, type StatusFacts } from '../../daemon/status/summarize.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import schema from '../../state-schema/schemas/status.schema.json' with { type: 'json' };
import { condition, guarded, policy, resource, run, statusFacts } from './status-facts.ts';

const validate = new Ajv2020({ allErrors: true }).compile<Status>(schema);

const worlds: Readonly<Record<string, Partial<StatusFacts>>> = {
  'in order': {},
  'just started': { revisions: {}, log: [], conditions: [], resources: [], volumes: [], policies: [] },
  'with a rejected revision': {
    revisions: {
      attempted: 'b'.repeat(40),
      rejected: {
        revision: 'b'.repeat(40),
        message: 'not valid',
        problems: [{ code: 'schema', file: 'f.yaml', line: 1, column: 2, message: 'wrong', path: [] }],
      } as unknown as NonNullable<StatusFacts['revisions']['rejected']>,
    },
  },
  'with a failed volume': {
    volumes: [
      guarded(0, {
        verdict: { kind: 'failed', fault: { reason: 'NotMounted', message: 'gone', next: 'mount it' } },
        seen: { top: { kind: 'absent' }, sentinel: { kind: 'absent' } },
      }),
    ],
  },
  'with every state of a resource': {
    resources: (['in-sync', 'changed', 'drifted', 'failed', 'waiting', 'orphaned', 'simulated'] as const).map(
      (state) => resource(`directory:/flux/${state}`, { state, reason: 'NotDeclared', message: 'm' }),
    ),
  },
  'with a running policy': {
    policies: [policy({ state: 'running', progress: { phase: 'backup', percent: 3 }, lastRun: run('1') })],
  },
};

for (const [name, facts] of Object.entries(worlds)) {
  test(`the status of a host ${name} is what the schema says`, () => {
    const status = summarize(statusFacts(facts));

    validate(status);
    assert.deepEqual(validate.errors ?? [], []);
  });
}

test('every resource is counted, what needs a look is listed whole, and the rest as far as it fits', () => {
  const failed = many(1_200, 'failed');
  const quiet = many(5_000, 'in-sync');

  const some = summarize(statusFacts({ resources: [...quiet, ...failed.slice(0, 10)] }));
  const all = summarize(statusFacts({ resources: [...quiet, ...failed] }));

  assert.deepEqual(some.resources.counts, { 'in-sync': 5_000, failed: 10 });
  assert.deepEqual([some.resources.items.length, some.resources.omitted], [1_000, 4_010]);
  assert.ok(some.resources.items.slice(0, 10).every((item) => item.state === 'failed'));
  assert.deepEqual([all.resources.items.length, all.resources.omitted], [1_200, 5_000]);
});

test('the order in which resources come is no matter', () => {
  const resources = [...many(1_500, 'in-sync'), ...many(3, 'failed')];

  assert.deepEqual(
    summarize(statusFacts({ resources })).resources.items,
    summarize(statusFacts({ resources: resources.toReversed() })).resources.items,
  );
});

test('inner details do not come into the status', () => {
  assert.ok(!JSON.stringify(summarize(statusFacts())).includes('digest'));
});

test('free space is told in whole percents of the disk', () => {
  function free(bytes: number): number | undefined {
    return summarize(statusFacts({ volumes: [guarded(bytes)] })).volumes[0]?.freeBytes;
  }

  assert.deepEqual([free(509), free(500), free(499), free(0)], [500, 500, 490, 0]);
});

test('a full volume is neither failed nor passed, and says why', () => {
  const fault = { reason: 'BelowMinimumFree', message: 'full', next: 'make room' } as const;

  const [volume] = summarize(
    statusFacts({ volumes: [guarded(1, { verdict: { kind: 'full', device: 1, fault } })] }),
  ).volumes;

  assert.deepEqual(
    [volume?.guard, volume?.reason, volume?.message],
    ['full', 'BelowMinimumFree', 'full; next: make room'],
  );
});

test('the sentence speaks of the same facts', () => {
  const status = summarize(
    statusFacts({
      conditions: [condition('Fetched', 'False', { message: 'no route; next: look at the network' })],
    }),
  );

  assert.deepEqual(status.summary, {
    level: 'warning',
    sentence: 'motoko cannot look for new revisions.',
    reason: 'no route',
    next: 'look at the network',
  });
});

function many(count: number, state: 'in-sync' | 'failed'): readonly ReturnType<typeof resource>[] {
  return Array.from({ length: count }, (_, n) => resource(`directory:/flux/${state}/${n}`, { state }));
}
