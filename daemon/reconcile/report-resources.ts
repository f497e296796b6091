import type { Emit } from '../events.ts';
import type { InventoryItem } from '../store/store.ts';
import type { Settled } from './settle.ts';

/** How many resources of one pass are told one by one. */
const TOLD = 100;

/** Tells which resources came into another state, and what was done to them. */
export function reportResources(
  { put, deeds }: Pick<Settled, 'put' | 'deeds'>,
  before: ReadonlyMap<string, InventoryItem>,
  emit: Emit,
): void {
  const written = new Set(put.map(({ id }) => id));
  // Put right once more since the last pass: the same state as before, and news all the same.
  const again = deeds.flatMap(({ id, kind }) =>
    kind === 'repair' && !written.has(id) ? (before.get(id) ?? []) : [],
  );
  const news = [...put.filter((item) => isNews(item, before.get(item.id))), ...again];
  const done = new Map(deeds.map(({ id, what }) => [id, what]));
  for (const { digest: _, ...resource } of news.slice(0, TOLD)) {
    const what = done.get(resource.id);
    emit({ kind: 'resource.changed', resource, ...(what === undefined ? {} : { what }) });
  }
  if (news.length > TOLD) emit({ kind: 'resources.changed', count: news.length });
}

/** That something which a pass changed is right in the next one is no news; that something which failed is right, is. */
function isNews(item: InventoryItem, before: InventoryItem | undefined): boolean {
  if (item.state !== 'in-sync' && item.state !== 'simulated') return true;
  return (
    before !== undefined &&
    (before.state === 'failed' || before.state === 'waiting' || before.state === 'orphaned')
  );
}
