import type { Store } from '../../store/store.ts';

/** What is remembered of the removals of one policy: the fact `policy.removal.NAME`. */
export interface RemovalRecord {
  /** The subject of the last removal that began: what was never removed from waits for a person. */
  readonly begun?: { readonly subject: string; readonly at: string };
  /** The plan that a person accepted and nothing has used yet. */
  readonly accepted?: { readonly plan: string; readonly at: string };
}

/** Reads the record of a policy; one that cannot be read counts as none, and then everything waits again. */
export async function readRemovalRecord(store: Pick<Store, 'fact'>, policy: string): Promise<RemovalRecord> {
  const text = await store.fact(factName(policy));
  if (text === undefined) return {};
  const { begun, accepted } = parse(text);
  return {
    ...(isOf(begun, 'subject') ? { begun: { subject: begun.subject, at: begun.at } } : {}),
    ...(isOf(accepted, 'plan') ? { accepted: { plan: accepted.plan, at: accepted.at } } : {}),
  };
}

/** Keeps the record of a policy, in one durable step. */
export async function saveRemovalRecord(
  store: Pick<Store, 'saveFact'>,
  policy: string,
  record: RemovalRecord,
): Promise<void> {
  await store.saveFact(factName(policy), JSON.stringify(record));
}

function factName(policy: string): string {
  return `policy.removal.${policy}`;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isOf<Key extends string>(value: unknown, key: Key): value is Readonly<Record<Key | 'at', string>> {
  if (typeof value !== 'object' || value === null) return false;
  const { [key]: named, at } = value as Record<string, unknown>;
  return typeof named === 'string' && typeof at === 'string' && !Number.isNaN(Date.parse(at));
}
