import type { Reason } from '../../state-schema/generated/status.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { NamedPolicy } from './named-policy.ts';
import { secretsOf } from './secrets-of.ts';

const NOT_TAKEN: ReadonlySet<Reason> = new Set(['WrongPassword', 'AuthenticationFailed']);

/** After a password or key was not taken, its provider is asked again at the next use: it may have been rotated. */
export function afterRefusal(
  reason: Reason | undefined,
  { policy, state }: NamedPolicy,
  secrets: Pick<Secrets, 'askAgain'>,
): void {
  if (reason === undefined || !NOT_TAKEN.has(reason)) return;
  for (const secret of secretsOf(policy, state)) secrets.askAgain(secret);
}
