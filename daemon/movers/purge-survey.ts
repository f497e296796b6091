import { join } from 'node:path';
import type { PurgePolicy } from '../../state-schema/generated/state-file.ts';
import { parseDurationSeconds } from '../../state-schema/units.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { RemovalVerdict } from '../policies/plans/plan-book.ts';
import { PLAN_ITEMS_LIMIT, type PlanItem } from '../policies/plans/policy-plan.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { groundOf } from './mover-tools.ts';
import { nameText, type RawName } from './tree/raw-name.ts';
import type { TreeGround } from './tree/tree-ground.ts';
import type { NamedEntry, Surveys } from './tree/tree-protocol.ts';
import type { TreeService } from './tree/tree-service.ts';

/** A purge policy of the current revision. */
export type NamedPurge = NamedPolicy<PurgePolicy>;

/** What a purge saw of its directory. */
export interface PurgeSeen {
  readonly ground: TreeGround;
  /** Nothing newer is old enough. Milliseconds since 1970. */
  readonly before: number;
  readonly found: Surveys;
}

/** What a purge may remove. */
export type PurgeVerdict =
  | Extract<RemovalVerdict, { kind: 'waits' }>
  | (Pick<Extract<RemovalVerdict, { kind: 'allowed' }>, 'kind' | 'begin'> & {
      readonly entries: readonly NamedEntry[];
    });

/** Looks what is old enough in the directory of a purge. */
export async function surveyPurge(
  { policy }: NamedPurge,
  parts: PolicyParts,
  trees: Pick<TreeService, 'ask'>,
): Promise<PurgeSeen> {
  const { path, after, exclude = [] } = policy;
  const ground = await groundOf(trees, { root: parts.root, path });
  const before = parts.clock.now().getTime() - parseDurationSeconds(after) * 1000;
  const question = { ground, exclude, before, only: 'all' as const, unless: [], most: PLAN_ITEMS_LIMIT };
  return { ground, before, found: await trees.ask({ kind: 'survey', ...question }) };
}

/** Judges what was found to be old enough. */
export async function judgePurge(
  purge: NamedPurge,
  { found }: PurgeSeen,
  parts: PolicyParts,
): Promise<PurgeVerdict> {
  const { name, policy } = purge;
  const verdict = await parts.plans.judge({
    policy: name,
    subject: subjectOf(policy),
    items: found.old.map((entry) => itemOf(policy, entry)),
    beyond: found.oldBeyond,
    of: found.entries,
    limit: policy.limits?.delete,
    isDivisible: true,
  });
  if (verdict.kind === 'waits') return verdict;
  const allowed = new Set(verdict.items.map(({ what }) => what));
  const entries = found.old.filter((entry) => allowed.has(pathOf(policy, entry.name)));
  return { kind: 'allowed', begin: verdict.begin, entries };
}

/** What a purge works on. Pure. */
export function subjectOf(policy: PurgePolicy): string {
  return policy.path;
}

/** The path of an entry, for people. Pure. */
export function pathOf({ path }: Pick<PurgePolicy, 'path'>, name: RawName): string {
  return join(path, nameText(name));
}

/** An entry as an item of a plan. Pure. */
export function itemOf(policy: PurgePolicy, entry: NamedEntry): PlanItem {
  return { kind: 'remove', what: pathOf(policy, entry.name), bytes: entry.bytes };
}
