import type { Policy } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import type { RemovalVerdict } from '../policies/plans/plan-book.ts';
import type { PlanItem } from '../policies/plans/policy-plan.ts';
import type { PolicyPreview, PreviewResult, SkippedEntry } from '../policies/plans/policy-preview.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';

/** What a mover found, to be shown. */
export interface Previewed {
  readonly policy: string;
  readonly kind: Policy['kind'];
  readonly items: readonly PlanItem[];
  readonly of: number;
  readonly skipped: readonly SkippedEntry[];
  readonly exclude: readonly string[] | undefined;
  readonly verdict:
    | Pick<Extract<RemovalVerdict, { kind: 'waits' }>, 'kind' | 'plan'>
    | { readonly kind: 'allowed' };
  /** Why nothing would be done now whatever was accepted, for example because the clock is not trusted. */
  readonly fault: Fault | undefined;
}

/** What the next run of a mover would do, for a person. */
export async function preview(found: Previewed, parts: PolicyParts): Promise<PreviewResult> {
  const { verdict, fault, exclude = [] } = found;
  const held = fault ?? (verdict.kind === 'waits' ? verdict.plan.why : undefined);
  const waits = await waitingPlan(found, parts);
  const { policy, kind, items, of, skipped } = found;
  return {
    kind: 'preview',
    preview: {
      policy,
      kind,
      items,
      of,
      skipped,
      excludes: [...exclude, '.anchord-*'],
      ...(held === undefined ? {} : { held }),
      ...(waits === undefined ? {} : { waiting: waits }),
    },
  };
}

/** The plan just judged, or the one that a person has accepted and that is all that may go. */
async function waitingPlan(
  { policy, items }: Previewed,
  parts: PolicyParts,
): Promise<PolicyPreview['waiting']> {
  const waiting = await parts.plans.waiting(policy);
  if (waiting === undefined || items.length === 0) return undefined;
  const { plan, acceptedUntil } = waiting;
  const { id, createdAt } = plan;
  return { id, createdAt, ...(acceptedUntil === undefined ? {} : { acceptedUntil }) };
}
