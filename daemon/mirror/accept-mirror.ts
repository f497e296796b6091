import type { AcceptAnswer } from '../policies/plans/accept-answer.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { mirrorSubject, type NamedMirror } from './mirror-job.ts';

/** Takes a person's word for exactly the list of one plan of a mirror. */
export async function acceptMirror(
  mirror: NamedMirror,
  id: string,
  { plans }: Pick<PolicyParts, 'plans'>,
): Promise<AcceptAnswer> {
  const result = await plans.accept({ policy: mirror.name, subject: mirrorSubject(mirror), id });
  if (result.kind === 'refused') return result;
  const { items } = result.plan;
  return {
    kind: 'accepted',
    message: `the next run of ${mirror.name} may do what plan ${id} lists (${items.length}), and nothing more; until ${result.until}`,
  };
}
