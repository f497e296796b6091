import type { ForgetItem, ForgetList } from '../commands/restic-forget.ts';
import type { Fault } from '../errors.ts';
import { mostForgotten, readForgetRecord } from './forget-limit.ts';
import type { PlanItem } from './plans/policy-plan.ts';
import type { PolicyParts } from './policy-parts.ts';
import { provedSnapshot } from './proved-snapshot.ts';
import type { NamedBackup } from './repository-place.ts';

/** Whether snapshots may be forgotten. `items`: those that may; never more than restic listed. */
export type ForgetVerdict =
  | {
      readonly kind: 'allowed';
      readonly items: readonly ForgetItem[];
      /** To be called right before the first one goes. */
      readonly begin: () => Promise<void>;
    }
  | { readonly kind: 'waits'; readonly fault: Fault };

/**
 * Judges what restic would forget. All of a policy's snapshots never go, nor does the newest that a drill proved. A list
 * that is longer than usual waits, as a plan, for a person.
 */
export async function judgeForget(
  backup: NamedBackup,
  list: ForgetList,
  parts: PolicyParts,
): Promise<ForgetVerdict> {
  const { name, policy } = backup;
  if (list.emptiesGroup) return { kind: 'waits', fault: nothingKept(backup) };
  const proved = await provedSnapshot(parts.store, name);
  const items = list.remove.filter(({ id }) => id !== proved);
  const record = await readForgetRecord(parts.store, name);
  const of = list.keep.length + list.remove.length;
  const since = Date.parse(record?.at ?? '');
  const madeSince = [...list.keep, ...list.remove].filter(({ time }) => Date.parse(time) > since).length;
  const most = mostForgotten({ keep: policy.keep ?? {}, record, of, madeSince });
  if (items.length <= most) {
    // What waited may no longer be what would go.
    await parts.plans.clear(name);
    return { kind: 'allowed', items, begin: () => Promise.resolve() };
  }
  return await asPlan(backup, { items, of, most }, parts);
}

async function asPlan(
  { name, policy }: NamedBackup,
  { items, of, most }: { readonly items: readonly ForgetItem[]; readonly of: number; readonly most: number },
  parts: PolicyParts,
): Promise<ForgetVerdict> {
  const named = new Map(items.map((item) => [planItem(item).what, item]));
  const verdict = await parts.plans.judge({
    policy: name,
    subject: policy.repository,
    items: items.map(planItem),
    of,
    limit: most,
    isDivisible: true,
  });
  if (verdict.kind === 'allowed') {
    const allowed = verdict.items.flatMap(({ what }) => named.get(what) ?? []);
    return { kind: 'allowed', items: allowed, begin: verdict.begin };
  }
  return {
    kind: 'waits',
    fault: {
      reason: 'LimitExceeded',
      message: `${items.length} of ${of} snapshots would be forgotten at once, more than the ${most} that go without a word of yours; plan ${verdict.plan.id} waits`,
      next: `anchord policy plan ${name}, then: anchord policy accept ${name} ${verdict.plan.id}`,
    },
  };
}

/** A snapshot as an entry of a plan; what it frees, only a prune can tell. Pure. */
export function planItem({ id, time }: ForgetItem): PlanItem {
  return { kind: 'remove', what: `snapshot ${id.slice(0, 16)} of ${time.slice(0, 19)}`, bytes: 0 };
}

function nothingKept({ name }: NamedBackup): Fault {
  return {
    reason: 'LimitExceeded',
    message: `restic would forget every snapshot of ${name}, or of some of its tags`,
    next: 'look at them with restic snapshots, and at keep: in the state repo',
  };
}
