import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceState } from '../../state-schema/generated/status.ts';
import { settle } from '../../daemon/reconcile/settle.ts';
import { summarize } from '../../daemon/status/summarize.ts';
import type { DesiredResource } from '../../daemon/resources/desired.ts';
import type { InventoryItem } from '../../daemon/store/store.ts';
import { statusFacts } from './status-facts.ts';
import { cpuTime } from '../rig/cpu-time.ts';

const NOW = '2026-11-21T13:00:00Z';

function items(count: number, state: ResourceState): readonly InventoryItem[] {
  return Array.from({ length: count }, (_, index) => {
    return { id: `directory:/flux/${state}/${index}`, kind: 'directory', state, since: NOW, digest: 'd' };
  });
}

test('of very many resources that are left over a status lists some, what failed before all else', () => {
  const resources = [...items(50_000, 'orphaned'), ...items(3, 'in-sync'), ...items(2, 'failed')];

  const { counts, items: shown, omitted } = summarize(statusFacts({ resources })).resources;

  assert.deepEqual(counts, { orphaned: 50_000, 'in-sync': 3, failed: 2 });
  assert.equal(shown.length, 2_000);
  assert.equal(omitted, 48_005);
  assert.deepEqual(
    shown.slice(0, 3).map(({ state }) => state),
    ['failed', 'failed', 'orphaned'],
  );
});

test('a pass in which everything fails is settled as fast as one in which nothing does', async () => {
  const resources = Array.from({ length: 30_000 }, (_, index): DesiredResource => {
    return { id: `directory:/flux/${index}`, kind: 'directory', digest: 'd', detail: '', volume: 'flux' };
  });
  const seen = { kind: 'blocked', block: { why: 'error', at: '/flux', code: 'ENOSPC' } } as const;
  const facts: Parameters<typeof settle>[0] = {
    desired: { resources, files: [], schedules: [], shares: [] },
    plan: {
      changes: resources.map(({ id, kind }) => ({ id, kind, action: 'create', differences: [] })),
      hindrances: [],
      orphans: [],
    },
    results: new Map(resources.map(({ id }) => [id, { id, kind: 'failed', seen }])),
    stillWrong: new Set(),
    volumes: new Map(),
    inventory: new Map(),
    now: NOW,
  };
  let failed = 0;

  const took = await cpuTime(() => (failed = settle(facts).failed));

  assert.equal(failed, 30_000);
  assert.ok(took < 10_000, `${took} ms`);
});
