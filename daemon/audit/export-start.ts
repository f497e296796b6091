import type { ChainHead } from '../store/audit-entry.ts';
import type { Store } from '../store/store.ts';
import { EMPTY_CHAIN } from './chain.ts';

const REDACTED = 'audit.redacted';
const START = 'audit.exportFrom';

/** After the last line that must not be published; before the first where all may be. */
export async function exportStart(store: Pick<Store, 'fact'>): Promise<ChainHead> {
  const known = await store.fact(START);
  return known === undefined ? EMPTY_CHAIN : (JSON.parse(known) as ChainHead);
}

/**
 * Remembers whether lines are redacted from now on. When they were not before, those until now hold names and stay off the
 * branch from now on: lines that were written cannot be redacted without breaking the chain.
 */
export async function noteRedaction(
  store: Pick<Store, 'fact' | 'saveFact'>,
  now: { readonly redact: boolean; readonly head: ChainHead },
): Promise<void> {
  const was = (await store.fact(REDACTED)) === 'yes';
  if (was === now.redact) return;
  // The line that begins a chain names nothing but the host.
  if (now.redact && now.head.seq > 1) await store.saveFact(START, JSON.stringify(now.head));
  await store.saveFact(REDACTED, now.redact ? 'yes' : null);
}
