import type { Store } from '../store/store.ts';

const FACT = 'audit.published';

/** What of the audit reached the status branch last. */
export interface PublishedAudit {
  /** The commit that has it. */
  readonly commit: string;
  /** The last line, and its SHA-256. */
  readonly seq: number;
  readonly hash: string;
  /** Number of the first line. */
  readonly from: number;
}

/** What was published last; undefined when nothing was. */
export async function publishedAudit(store: Pick<Store, 'fact'>): Promise<PublishedAudit | undefined> {
  const known = await store.fact(FACT);
  return known === undefined ? undefined : (JSON.parse(known) as PublishedAudit);
}

/** Remembers what was published. */
export async function rememberPublished(
  store: Pick<Store, 'saveFact'>,
  published: PublishedAudit,
): Promise<void> {
  await store.saveFact(FACT, JSON.stringify(published));
}
