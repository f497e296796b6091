import type { Store } from '../store/store.ts';

/** The newest snapshot of a policy that a drill restored and found whole, 64 hex digits: the fact `policy.proved.NAME`. */
export async function provedSnapshot(
  store: Pick<Store, 'fact'>,
  policy: string,
): Promise<string | undefined> {
  return await store.fact(factName(policy));
}

/** Remembers it: forget never takes it, so that there always is one that is known to be good. */
export async function rememberProved(
  store: Pick<Store, 'saveFact'>,
  policy: string,
  snapshot: string,
): Promise<void> {
  await store.saveFact(factName(policy), snapshot);
}

function factName(policy: string): string {
  return `policy.proved.${policy}`;
}
