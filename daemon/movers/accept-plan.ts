import type { AcceptAnswer } from '../policies/plans/accept-answer.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';

/** Accepts the plan of a mover because a person said so. */
export async function acceptPlan(
  asked: { readonly policy: string; readonly subject: string; readonly id: string },
  parts: PolicyParts,
): Promise<AcceptAnswer> {
  const result = await parts.plans.accept(asked);
  if (result.kind === 'refused') return result;
  const { plan, until } = result;
  const entries = plan.items.length === 1 ? '1 entry' : `${plan.items.length} entries`;
  const when = `the next run until ${until} carries it out; to do it now: anchord policy run ${asked.policy}`;
  return {
    kind: 'accepted',
    message: `plan ${plan.id} of ${asked.policy} (${entries}) is accepted: ${when}`,
  };
}
