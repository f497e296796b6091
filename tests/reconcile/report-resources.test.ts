import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnchordEvent } from '../../daemon/events.ts';
import { reportResources } from '../../daemon/reconcile/report-resources.ts';
import type { InventoryItem } from '../../daemon/store/store.ts';

test('news is told, settling is not, and a failure that ended is', () => {
  const before = new Map([
    ['a', item('a', 'changed')],
    ['b', item('b', 'failed')],
  ]);

  const events = reported([item('a', 'in-sync'), item('b', 'in-sync'), item('c', 'drifted')], before);

  assert.deepEqual(
    events.map((event) => event.kind === 'resource.changed' && [event.resource.id, event.resource.state]),
    [
      ['b', 'in-sync'],
      ['c', 'drifted'],
    ],
  );
});

test('what is told holds no inner detail', () => {
  const [event] = reported([item('a', 'changed')], new Map());

  assert.ok(event?.kind === 'resource.changed');
  assert.ok(!Object.hasOwn(event.resource, 'digest'));
});

test('of very many the first are told one by one, and then how many there were', () => {
  const events = reported(
    Array.from({ length: 10_000 }, (_, n) => item(String(n), 'changed')),
    new Map(),
  );

  assert.equal(events.length, 101);
  assert.deepEqual(events.at(-1), { kind: 'resources.changed', count: 10_000 });
});

function reported(
  put: readonly InventoryItem[],
  before: ReadonlyMap<string, InventoryItem>,
): readonly AnchordEvent[] {
  const events: AnchordEvent[] = [];
  reportResources({ put, deeds: [] }, before, (event) => events.push(event));
  return events;
}

function item(id: string, state: InventoryItem['state']): InventoryItem {
  return { id, kind: 'directory', state, since: '', digest: 'd' };
}
