import type { Keep } from '../../state-schema/generated/state-file.ts';
import type { Store } from '../store/store.ts';

/** So many snapshots, or that share of all, may always go at once. */
const USUAL = { snapshots: 20, share: 0.1 } as const;
/** The same when `keep` has changed, or nothing was forgotten before: then the list may be a mistake. */
const UNTRIED = { snapshots: 3, share: 0.1 } as const;

/** With what snapshots were last forgotten: the fact `policy.forget.NAME`. */
export interface ForgetRecord {
  /** `keep` of the policy then, as JSON. */
  readonly keep: string;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** What is about to be forgotten. */
export interface ForgetQuestion {
  readonly keep: Keep;
  readonly record: ForgetRecord | undefined;
  /** Snapshots of the policy, those that would go among them. */
  readonly of: number;
  /** Those of them that were made since snapshots were last forgotten. */
  readonly madeSince: number;
}

/**
 * How many snapshots may be forgotten at once. Each new one pushes out one at the most, so after weeks in which nothing
 * could be forgotten as many may go as were made; after a change of `keep` only a few, until a person accepts the list:
 * a push must not empty a repository. Pure.
 */
export function mostForgotten({ keep, record, of, madeSince }: ForgetQuestion): number {
  const isTried = record?.keep === keepText(keep);
  const { snapshots, share } = isTried ? USUAL : UNTRIED;
  return Math.max(snapshots, Math.floor(share * of)) + (isTried ? madeSince : 0);
}

/** Reads the record of a policy; one that cannot be read counts as none. */
export async function readForgetRecord(
  store: Pick<Store, 'fact'>,
  policy: string,
): Promise<ForgetRecord | undefined> {
  const text = await store.fact(factName(policy));
  if (text === undefined) return undefined;
  const { keep, at } = JSON.parse(text) as Partial<Record<keyof ForgetRecord, unknown>>;
  return typeof keep === 'string' && typeof at === 'string' ? { keep, at } : undefined;
}

/** Remembers that all that a `keep` does not keep has been forgotten. */
export async function saveForgetRecord(
  store: Pick<Store, 'saveFact'>,
  policy: string,
  done: { readonly keep: Keep; readonly at: string },
): Promise<void> {
  const record: ForgetRecord = { keep: keepText(done.keep), at: done.at };
  await store.saveFact(factName(policy), JSON.stringify(record));
}

function keepText(keep: Keep): string {
  return JSON.stringify(Object.entries(keep).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function factName(policy: string): string {
  return `policy.forget.${policy}`;
}
