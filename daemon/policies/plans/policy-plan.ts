import { createHash } from 'node:crypto';
import type { Fault } from '../../errors.ts';

/** The longest list that one plan holds; what is more waits for the next run. */
export const PLAN_ITEMS_LIMIT = 50_000;

/** One thing that a policy would do to one entry. */
export interface PlanItem {
  readonly kind: 'remove' | 'move' | 'copy' | 'replace' | 'rename';
  /** The entry, as a path that a person can look up; two entries never have the same. */
  readonly what: string;
  readonly bytes: number;
  /** Where it goes, when it is moved or renamed. */
  readonly to?: string;
}

/** What a policy is about to take away, before anybody has judged it. */
export interface PlannedRemoval {
  readonly policy: string;
  /** The trees it works on: another tree is another removal, whatever the policy is called. */
  readonly subject: string;
  /** What would go; at most `PLAN_ITEMS_LIMIT`. */
  readonly items: readonly PlanItem[];
  /** How many entries there are, those that would go among them. */
  readonly of: number;
}

/** A removal that waits until a person accepts exactly its list. */
export interface PolicyPlan extends PlannedRemoval {
  /** Digest of policy, subject and list: another list has another id. */
  readonly id: string;
  readonly createdAt: string;
  /** Why it waits. */
  readonly why: Fault;
}

/** The id of a removal: 16 hexadecimal digits of the SHA-256 of its policy, subject and list, in whatever order. Pure. */
export function planId(removal: PlannedRemoval): string {
  const hash = createHash('sha256').update(`${JSON.stringify([removal.policy, removal.subject])}\n`);
  for (const line of removal.items.map(itemKey).toSorted()) hash.update(`${line}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** What a plan would take away, in bytes. Pure. */
export function plannedBytes({ items }: Pick<PlannedRemoval, 'items'>): number {
  return items.reduce((sum, item) => sum + item.bytes, 0);
}

/** The items that are also in an accepted plan; their bytes may differ, for the list names entries. Pure. */
export function acceptedItems(
  items: readonly PlanItem[],
  accepted: Pick<PolicyPlan, 'items'>,
): readonly PlanItem[] {
  const named = new Set(accepted.items.map(entryKey));
  return items.filter((item) => named.has(entryKey(item)));
}

function itemKey(item: PlanItem): string {
  return JSON.stringify([item.kind, item.what, item.to ?? '', item.bytes]);
}

function entryKey(item: PlanItem): string {
  return JSON.stringify([item.kind, item.what, item.to ?? '']);
}
