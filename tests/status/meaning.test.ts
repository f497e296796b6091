import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaning } from '../../daemon/status/meaning.ts';
import { summarize, type StatusFacts } from '../../daemon/status/summarize.ts';
import type { History } from '../../state-schema/generated/history.ts';
import { emptyHistory } from '../page/sample-history.ts';
import { condition, guarded, policy, resource, run, statusFacts } from './status-facts.ts';

type Change = Partial<StatusFacts>;

const noNews: Readonly<Record<string, readonly [Change, Change]>> = {
  'the clock ticks': [{}, { now: '2026-11-22T09:00:00Z' }],
  'the daemon was restarted': [{}, { startedAt: '2026-11-21T11:59:00Z' }],
  'a next run moves on': [
    { policies: [policy({ nextRunAt: '2026-11-21T13:00:00Z', overdueAfter: '2026-11-21T15:00:00Z' })] },
    { policies: [policy({ nextRunAt: '2026-11-21T14:00:00Z', overdueAfter: '2026-11-21T16:00:00Z' })] },
  ],
  'a run begins and comes on': [
    { policies: [policy({})] },
    {
      policies: [policy({ state: 'running', reason: 'Running', progress: { phase: 'backup', percent: 9 } })],
    },
  ],
  'what was changed settles': [
    { resources: [resource('directory:/flux/b', { state: 'changed' }), resource('directory:/flux/a')] },
    { resources: [resource('directory:/flux/b'), resource('directory:/flux/a')] },
  ],
  'what had drifted settles': [
    { resources: [resource('directory:/flux/b', { state: 'drifted' }), resource('directory:/flux/a')] },
    { resources: [resource('directory:/flux/b'), resource('directory:/flux/a')] },
  ],
  'what had drifted settles among very many': [
    { resources: many({ state: 'drifted' }) },
    { resources: many({ state: 'in-sync' }) },
  ],
  'a disk fills by less than one percent': [{ volumes: [guarded(509)] }, { volumes: [guarded(501)] }],
  'it is published': [
    { conditions: [condition('StatusPublished', 'False')] },
    { conditions: [condition('StatusPublished', 'True')] },
  ],
  'a pass begins': [
    { conditions: [condition('Reconciling', 'False')] },
    { conditions: [condition('Reconciling', 'True')] },
  ],
  'a condition keeps its words and its time moves': [
    { conditions: [condition('Ready', 'True')] },
    { conditions: [condition('Ready', 'True', { lastTransitionTime: '2026-11-21T12:00:00Z' })] },
  ],
};

for (const [what, [one, other]] of Object.entries(noNews)) {
  test(`no news: ${what}`, () => {
    assert.equal(of(one), of(other));
  });
}

const news: Readonly<Record<string, readonly [Change, Change]>> = {
  'a run ended': [
    { policies: [policy({ lastRun: run('1') })] },
    { policies: [policy({ lastRun: run('2') })] },
  ],
  'a policy is overdue': [
    { policies: [policy({})] },
    { policies: [policy({ state: 'overdue', reason: 'Overdue' })] },
  ],
  'a resource failed': [{}, { resources: [resource('directory:/flux/active', { state: 'failed' })] }],
  'a resource fails for another reason': [
    { resources: [resource('directory:/flux/active', { state: 'failed', message: 'one' })] },
    { resources: [resource('directory:/flux/active', { state: 'failed', message: 'two' })] },
  ],
  'a failure ended': [{ resources: [resource('directory:/flux/active', { state: 'failed' })] }, {}],
  'an orphan appeared': [{}, { resources: [resource('directory:/flux/active', { state: 'orphaned' })] }],
  'a revision came': [{}, { observed: 'b'.repeat(40) }],
  'a condition changed': [
    { conditions: [condition('Ready', 'True')] },
    { conditions: [condition('Ready', 'False')] },
  ],
  'a guard failed': [
    {},
    {
      volumes: [
        guarded(500, { verdict: { kind: 'failed', fault: { reason: 'ReadOnly', message: 'read-only' } } }),
      ],
    },
  ],
  'a disk filled by one percent': [{ volumes: [guarded(510)] }, { volumes: [guarded(509)] }],
  'another version of the daemon runs': [{}, { version: '1.0.1' }],
  'something is carried out now': [{}, { notCarriedOut: [] }],
};

for (const [what, [one, other]] of Object.entries(news)) {
  test(`news: ${what}`, () => {
    assert.notEqual(of(one), of(other));
  });
}

test('news: a pass that did something', () => {
  const pass = { id: '1', startedAt: '', endedAt: '', result: 'applied', changed: 1 } as const;
  const history: History = {
    ...emptyHistory(),
    passes: [{ ...pass, repaired: 0, failed: 0, waiting: 0 }],
  };

  assert.notEqual(
    meaning(summarize(statusFacts()), history),
    meaning(summarize(statusFacts()), emptyHistory()),
  );
});

function of(change: Change): string {
  return meaning(summarize(statusFacts(change)), emptyHistory());
}

function many(last: { readonly state: 'drifted' | 'in-sync' }): readonly ReturnType<typeof resource>[] {
  const calm = Array.from({ length: 1_500 }, (_, n) => resource(`directory:/flux/${n}`));
  return [...calm, resource('directory:/flux/z', last)];
}
