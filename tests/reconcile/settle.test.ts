import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../daemon/reconcile/plan.ts';
import { settle, type PassFacts, type Settled } from '../../daemon/reconcile/settle.ts';
import type { DesiredResource } from '../../daemon/resources/desired.ts';
import type { InventoryItem } from '../../daemon/store/store.ts';

const NOW = '2026-11-21T13:00:00Z';
const BEFORE = '2026-11-20T08:00:00Z';
const ID = 'directory:/flux/a';
const resource: DesiredResource = { id: ID, kind: 'directory', digest: 'd', detail: '', volume: 'flux' };

test('what was done is told by what it was', () => {
  assert.deepEqual(only(settled({ changes: [change('create')] })), ['changed', NOW, undefined]);
  assert.deepEqual(only(settled({ changes: [change('update')] })), ['changed', NOW, undefined]);
  assert.deepEqual(only(settled({ changes: [change('repair')] })), ['drifted', NOW, undefined]);
  assert.deepEqual(only(settled({})), ['in-sync', NOW, undefined]);
});

test('a change that failed says why, in the words of what stands there', () => {
  const result = { id: ID, kind: 'failed', seen: { kind: 'other', what: 'file' } } as const;

  const outcome = settled({ changes: [change('create')], results: new Map([[ID, result]]) });

  assert.deepEqual(only(outcome), ['failed', NOW, 'NotADirectory']);
  assert.deepEqual([outcome.changed, outcome.failed], [0, 1]);
});

test('what was put right and is wrong again at once is no success', () => {
  const outcome = settled({ changes: [change('repair')], stillWrong: new Set([ID]) });

  assert.equal(outcome.failed, 1);
  assert.match(outcome.put[0]?.message ?? '', /something else on this host keeps changing it/);
});

test('what says the same as before is not written', () => {
  assert.deepEqual(settled({ known: item({}) }).put, []);
  assert.equal(settled({ known: item({ digest: 'other' }) }).put.length, 1);
  assert.equal(settled({ known: item({ message: 'old words' }) }).put.length, 1);
});

test('a state keeps the time it began, and settling from what was done does not begin it anew', () => {
  assert.deepEqual(only(settled({ known: item({ state: 'changed' }) })), ['in-sync', BEFORE, undefined]);
  assert.deepEqual(only(settled({ known: item({ state: 'drifted' }) })), ['in-sync', BEFORE, undefined]);
  assert.deepEqual(only(settled({ known: item({ state: 'failed' }) })), ['in-sync', NOW, undefined]);
  assert.deepEqual(only(settled({ known: item({ digest: 'other' }) })), ['in-sync', BEFORE, undefined]);
});

test('a hindrance is taken as it was planned', () => {
  const hindrance = {
    id: ID,
    kind: 'directory',
    state: 'waiting',
    reason: 'GuardFailed',
    message: 'waits',
  } as const;

  const outcome = settle({ ...facts({}), plan: { changes: [], hindrances: [hindrance], orphans: [] } });

  assert.deepEqual(only(outcome), ['waiting', NOW, 'GuardFailed']);
  assert.equal(outcome.waiting, 1);
});

test('what is simulated says so, unless it was just changed', () => {
  const simulated = { ...resource, simulated: 'owner mdt' };

  assert.deepEqual(only(settled({ resource: simulated })), ['simulated', NOW, 'OwnerSimulated']);
  assert.deepEqual(only(settled({ resource: simulated, changes: [change('create')] })), [
    'changed',
    NOW,
    undefined,
  ]);
});

test('a full volume is in sync and says that it is full', () => {
  const fault = { reason: 'BelowMinimumFree', message: 'full' } as const;
  const full: DesiredResource = { id: 'volume:flux', kind: 'volume', digest: 'd', detail: '' };
  const volumes = new Map([['flux', { kind: 'full', device: 1, fault }]] as const);

  assert.deepEqual(only(settle({ ...facts({ resource: full }), volumes })), [
    'in-sync',
    NOW,
    'BelowMinimumFree',
  ]);
});

test('an orphan is told once, with the command that removes only what is empty', () => {
  const orphans = { changes: [], hindrances: [], orphans: [ID] };
  const wanted = { resources: [], files: [], schedules: [], shares: [] };
  const first = settle({ ...facts({ known: item({}) }), desired: wanted, plan: orphans });
  const [orphan] = first.put;
  assert.ok(orphan !== undefined);

  const again = settle({ ...facts({ known: orphan }), desired: wanted, plan: orphans });

  assert.equal(orphan.state, 'orphaned');
  assert.match(orphan.message ?? '', /rmdir \/flux\/a$/);
  assert.deepEqual(again.put, []);
});

test('what is forgotten is removed', () => {
  assert.deepEqual(
    settle({
      ...facts({}),
      desired: { resources: [], files: [], schedules: [], shares: [] },
      plan: { changes: [change('forget')], hindrances: [], orphans: [] },
    }),
    { put: [], remove: [ID], changed: 0, repaired: 0, failed: 0, waiting: 0, deeds: [] },
  );
});

interface Given {
  readonly resource?: DesiredResource;
  readonly changes?: readonly Change[];
  readonly results?: PassFacts['results'];
  readonly stillWrong?: ReadonlySet<string>;
  readonly known?: InventoryItem;
}

function settled(given: Given): Settled {
  return settle(facts(given));
}

function facts(given: Given): PassFacts {
  return {
    desired: { resources: [given.resource ?? resource], files: [], schedules: [], shares: [] },
    plan: { changes: given.changes ?? [], hindrances: [], orphans: [] },
    results: given.results ?? new Map(),
    stillWrong: given.stillWrong ?? new Set(),
    volumes: new Map([['flux', { kind: 'passed', device: 1 }]]),
    inventory: new Map(given.known === undefined ? [] : [[given.known.id, given.known]]),
    now: NOW,
  };
}

function change(action: Change['action']): Change {
  return { id: ID, kind: 'directory', action, differences: [] };
}

function item(about: Partial<InventoryItem>): InventoryItem {
  return { id: ID, kind: 'directory', state: 'in-sync', since: BEFORE, digest: 'd', ...about };
}

/** State, since and reason of the one item that is put. */
function only({ put }: Settled): readonly unknown[] {
  assert.equal(put.length, 1);
  return [put[0]?.state, put[0]?.since, put[0]?.reason];
}
