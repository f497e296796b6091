import { randomBytes } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** This host's key for stand-ins, made when there is none yet. */
export async function redactKey(store: Pick<Store, 'fact' | 'saveFact'>): Promise<string> {
  const known = await store.fact('status.redactKey');
  if (known !== undefined) return known;
  const key = randomBytes(32).toString('hex');
  await store.saveFact('status.redactKey', key);
  return key;
}
