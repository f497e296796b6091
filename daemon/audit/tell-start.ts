import type { Store } from '../store/store.ts';
import type { AuditLog } from './audit-log.ts';
import { settingsDigest, startedFact, type Start } from './started-fact.ts';

const DIGEST = 'audit.settings';

/** Tells that a daemon starts, and whether its host settings are others than at the start before. */
export async function tellStart(
  audit: AuditLog,
  store: Pick<Store, 'fact' | 'saveFact'>,
  start: Omit<Start, 'before'>,
): Promise<void> {
  const before = await store.fact(DIGEST);
  audit.record(startedFact({ ...start, ...(before === undefined ? {} : { before }) }));
  // Also looks at every line there is: what was done to it while nobody ran is told from the start.
  await audit.snapshot().catch(() => undefined); // it says so by itself, and the host is looked after all the same
  const now = settingsDigest(start.settings);
  if (before !== now) await store.saveFact(DIGEST, now);
}
