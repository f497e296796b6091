import type { Emit } from '../events.ts';
import type { InventoryItem } from '../store/store.ts';

/** How many resources of one pass are told one by one. */
const TOLD = 100;

/** Tells which resources came into another state. */
export function reportResources(
  put: readonly InventoryItem[],
  before: ReadonlyMap<string, InventoryItem>,
  emit: Emit,
): void {
  const news = put.filter((item) => item.state !== 'in-sync' || before.get(item.id)?.state === 'failed');
  for (const { digest: _, ...resource } of news.slice(0, TOLD)) emit({ kind: 'resource.changed', resource });
  if (news.length > TOLD) emit({ kind: 'resources.changed', count: news.length });
}
