import type { AcceptAnswer } from './plans/accept-answer.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { NamedBackup } from './repository-place.ts';
import { acceptSuspect } from './suspects.ts';

/** Takes a person's word for a suspect snapshot, or for a list of snapshots to forget. */
export async function acceptBackup(
  { name, policy }: NamedBackup,
  id: string,
  parts: PolicyParts,
): Promise<AcceptAnswer> {
  const suspect = await acceptSuspect(parts.store, name, id);
  if (suspect !== undefined) {
    const snapshot = suspect.snapshot.slice(0, 8);
    return {
      kind: 'accepted',
      message: `snapshot ${snapshot} and the suspect ones before it are trusted: later ones are compared with its ${suspect.files} files, and old ones are forgotten again`,
    };
  }
  const answer = await parts.plans.accept({ policy: name, subject: policy.repository, id });
  if (answer.kind === 'accepted') {
    const { plan, until } = answer;
    return {
      kind: 'accepted',
      message: `plan ${plan.id} is accepted until ${until}: the next good run of ${name} forgets its ${plan.items.length} snapshots`,
    };
  }
  return {
    kind: 'refused',
    fault: {
      reason: 'PlanUnknown',
      message: `${JSON.stringify(id)} is neither a suspect snapshot of ${name} nor a plan that waits`,
      next: `anchord policy plan ${name}`,
    },
  };
}
