import type { TreeSize } from '../commands/rclone-mirror.ts';
import type { Fault } from '../errors.ts';
import { PLAN_ITEMS_LIMIT, type PlanItem } from '../policies/plans/policy-plan.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { mirrorSubject, type NamedMirror } from './mirror-job.ts';
import type { MirrorMemory } from './mirror-memory.ts';
import { newFiles, type MirrorPlan, type PlannedObject } from './mirror-plan.ts';
import { sourceShrunk } from './source-shrunk.ts';

const NOTHING: TreeSize = { files: 0, bytes: 0 };

/** What a mirror is judged by. */
export interface MirrorFacts {
  readonly plan: MirrorPlan;
  /** What the source holds now. */
  readonly source: TreeSize;
  readonly memory: MirrorMemory | undefined;
}

/** Whether a planned mirror may be carried out. */
export type MirrorVerdict =
  | {
      readonly kind: 'allowed';
      /** To be called right before anything is taken away; the first call uses up what a person accepted. */
      readonly begin: () => Promise<void>;
      /** Whether that is before files are sent: some would take the place of others. */
      readonly beginsWithFiles: boolean;
    }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Holds a plan against the limits of its policy, the last good run, and what a person has accepted. */
export async function judgeMirror(
  mirror: NamedMirror,
  facts: MirrorFacts,
  parts: Pick<PolicyParts, 'plans' | 'ledger'>,
): Promise<MirrorVerdict> {
  const { name, policy } = mirror;
  const { plan, memory } = facts;
  const moved = memory === undefined ? NOTHING : await parts.ledger.movedSince(policy.source, memory.at);
  const suspicion = suspicionOf(mirror, facts, moved);
  const items = mirrorItems(mirror, facts, { withCopies: suspicion !== undefined });
  const verdict = await parts.plans.judge({
    policy: name,
    subject: mirrorSubject(mirror),
    items,
    of: plan.objects,
    limit: policy.limits?.delete,
    counted: Math.max(0, plan.removals.length - moved.files),
    isDivisible: false,
    suspicion,
  });
  if (verdict.kind === 'waits') return { kind: 'refused', fault: waiting(mirror, verdict.plan) };
  if (items.length === 0 && memory !== undefined) await parts.plans.clear(name);
  const beginsWithFiles = memory === undefined || items.some(({ kind }) => kind !== 'remove');
  return { kind: 'allowed', begin: once(verdict.begin), beginsWithFiles };
}

function once(begin: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= begin());
}

function suspicionOf(
  { policy }: NamedMirror,
  { source, memory }: MirrorFacts,
  moved: TreeSize,
): Fault | undefined {
  if (memory === undefined) return undefined;
  const limit = policy.limits?.shrink;
  return sourceShrunk({
    path: policy.source,
    now: source,
    before: memory.source,
    moved,
    limit,
  });
}

/**
 * What is taken away, for a person to accept: the objects that are deleted; also the files that are sent when their source
 * looks damaged, or when they meet objects that nobody knows, because what they replace is taken away as well.
 */
function mirrorItems(
  { policy }: NamedMirror,
  { plan, source, memory }: MirrorFacts,
  { withCopies }: { readonly withCopies: boolean },
): readonly PlanItem[] {
  const replacesUnknown = memory === undefined && plan.objects > 0 && plan.copies > newFiles(plan, source);
  function item(kind: 'remove' | 'replace', { path, bytes }: PlannedObject): PlanItem {
    return { kind, what: `${policy.destination}/${path}`, bytes };
  }
  const replaced = withCopies || replacesUnknown ? plan.copied : [];
  const items = [
    ...plan.removals.map((object) => item('remove', object)),
    ...replaced.map((object) => item('replace', object)),
  ];
  return items.slice(0, PLAN_ITEMS_LIMIT);
}

function waiting({ name }: NamedMirror, { id, why }: { readonly id: string; readonly why: Fault }): Fault {
  const next = why.reason === 'SourceShrunk' ? `${why.next}; if it is meant to be gone: ` : '';
  return {
    ...why,
    message: `${why.message}; nothing was changed`,
    next: `${next}anchord policy plan ${name}, then anchord policy accept ${name} ${id}`,
  };
}
