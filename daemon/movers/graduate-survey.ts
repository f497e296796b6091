import { join } from 'node:path';
import type { GraduatePolicy } from '../../state-schema/generated/state-file.ts';
import { parseDurationSeconds } from '../../state-schema/units.ts';
import { isoSeconds } from '../clock.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import { PLAN_ITEMS_LIMIT, type PlanItem } from '../policies/plans/policy-plan.ts';
import type { RemovalVerdict } from '../policies/plans/plan-book.ts';
import type { SkippedEntry } from '../policies/plans/policy-preview.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { coveredUntil, type Coverage } from './covered-until.ts';
import { graduatedName } from './graduated-name.ts';
import { collision } from './move-directory.ts';
import { groundOf } from './mover-tools.ts';
import { nameText, rawName, type RawName } from './tree/raw-name.ts';
import type { TreeGround } from './tree/tree-ground.ts';
import type { NamedEntry, Surveys } from './tree/tree-protocol.ts';
import type { TreeService } from './tree/tree-service.ts';

/** What Syncthing keeps at the top of a folder that it has in several places at once. */
const SYNCED = ['.stfolder', '.stignore'];

/** A graduation policy of the current revision. */
export type NamedGraduation = NamedPolicy<GraduatePolicy>;

/** A directory that may move. */
export interface Graduate extends NamedEntry {
  readonly newName: RawName;
}

/** What a graduation saw. */
export interface GraduationSeen {
  readonly from: TreeGround;
  readonly to: TreeGround;
  readonly ready: readonly Graduate[];
  /** How many directories there are. */
  readonly of: number;
  /** Left alone, and not because they are too young; the first few hundred. */
  readonly skipped: readonly SkippedEntry[];
  /** Those of them that the policy does not ask to be left alone: a person may want to know. */
  readonly stayed: readonly SkippedEntry[];
  /** Not old enough. */
  readonly young: readonly SkippedEntry[];
}

/** Looks which directories may move, and why the others may not. */
export async function surveyGraduation(
  graduation: NamedGraduation,
  parts: PolicyParts,
  trees: Pick<TreeService, 'ask'>,
): Promise<GraduationSeen> {
  const { policy } = graduation;
  const { after, exclude = [], unless } = policy;
  const from = await groundOf(trees, { root: parts.root, path: policy.from });
  const to = await groundOf(trees, { root: parts.root, path: policy.to });
  const found = await trees.ask({
    kind: 'survey',
    ground: from,
    exclude,
    before: parts.clock.now().getTime() - parseDurationSeconds(after) * 1000,
    only: 'directories',
    unless: [...(unless === undefined ? [] : [unless]), ...SYNCED].map(rawName),
    most: PLAN_ITEMS_LIMIT,
  });
  const judged = await judgeEach(found, { graduation, parts, trees, to });
  const skipped = judged.flatMap((one) => (one.kind === 'skipped' ? [one.skipped] : []));
  const left = found.leftFirst.map(({ name, why, isAsked }) => ({
    what: join(policy.from, nameText(name)),
    why,
    isAsked,
  }));
  return {
    from,
    to,
    ready: judged.flatMap((one) => (one.kind === 'ready' ? [one.graduate] : [])),
    of: found.entries,
    skipped: [...left.map(({ what, why }) => ({ what, why })), ...skipped],
    stayed: [...left.filter(({ isAsked }) => !isAsked), ...skipped],
    young: found.youngest.map(({ name, newestMs }) => ({
      what: join(policy.from, nameText(name)),
      why: `last changed ${isoSeconds(new Date(newestMs))}`,
    })),
  };
}

/** Judges what may move against the limits and the word of a person. */
export async function judgeGraduation(
  { name, policy }: NamedGraduation,
  { ready, of }: GraduationSeen,
  parts: PolicyParts,
): Promise<
  | Extract<RemovalVerdict, { kind: 'waits' }>
  | {
      readonly kind: 'allowed';
      readonly begin: () => Promise<void>;
      readonly ready: readonly Graduate[];
    }
> {
  const verdict = await parts.plans.judge({
    policy: name,
    subject: graduationSubject(policy),
    items: ready.map((graduate) => graduationItem(policy, graduate)),
    of,
    limit: policy.limits?.delete,
    isDivisible: true,
  });
  if (verdict.kind === 'waits') return verdict;
  const allowed = new Set(verdict.items.map(({ what, to }) => `${what}\0${to ?? ''}`));
  return {
    kind: 'allowed',
    begin: verdict.begin,
    ready: ready.filter((graduate) => {
      const { what, to } = graduationItem(policy, graduate);
      return allowed.has(`${what}\0${to ?? ''}`);
    }),
  };
}

/** What a graduation works on. Pure. */
export function graduationSubject({ from, to }: GraduatePolicy): string {
  return `${from} → ${to}`;
}

/** A directory as an item of a plan. Pure. */
export function graduationItem({ from, to }: GraduatePolicy, { name, newName, bytes }: Graduate): PlanItem {
  return { kind: 'move', what: join(from, nameText(name)), to: join(to, nameText(newName)), bytes };
}

type Judged =
  | { readonly kind: 'ready'; readonly graduate: Graduate }
  | { readonly kind: 'skipped'; readonly skipped: SkippedEntry };

interface Judging {
  readonly graduation: NamedGraduation;
  readonly parts: PolicyParts;
  readonly trees: Pick<TreeService, 'ask'>;
  readonly to: TreeGround;
}

async function judgeEach(found: Surveys, judging: Judging): Promise<readonly Judged[]> {
  const { graduation, parts } = judging;
  const { policy, state } = graduation;
  const lastRuns = await parts.store.lastRuns();
  const judged: Judged[] = [];
  for (const entry of found.old) {
    const coverage = coveredUntil({ parent: policy.from, name: entry.name }, state, lastRuns);
    judged.push(await judgeOne(entry, coverage, judging));
  }
  return judged;
}

async function judgeOne(entry: NamedEntry, coverage: Coverage, judging: Judging): Promise<Judged> {
  const { graduation, parts, trees, to } = judging;
  const { policy, state } = graduation;
  const what = join(policy.from, nameText(entry.name));
  const uncovered = whyUncovered(entry, coverage);
  if (uncovered !== undefined) return { kind: 'skipped', skipped: { what, why: uncovered } };
  const at = { now: parts.clock.now(), timezone: state.host.timezone };
  const named = graduatedName(policy.name ?? '{name}', entry.name, at);
  if (named.kind === 'unfit') return { kind: 'skipped', skipped: { what, why: named.why } };
  const there = await trees.ask({ kind: 'entry', ground: to, name: named.name });
  if (there !== undefined) {
    const why = `${collision.why}: ${join(policy.to, nameText(named.name))}`;
    return { kind: 'skipped', skipped: { what, why } };
  }
  return { kind: 'ready', graduate: { ...entry, newName: named.name } };
}

function whyUncovered(entry: NamedEntry, coverage: Coverage): string | undefined {
  switch (coverage.kind) {
    case 'nobody':
      return undefined;
    case 'never':
      return `it is in no good snapshot yet, and ${coverage.policies.join(', ')} should hold it`;
    case 'until':
      return entry.newestMs < coverage.time ? undefined : 'it was changed since the last good snapshot of it';
  }
}
