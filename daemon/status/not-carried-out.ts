import type { HostState } from '../../state-schema/host-state.ts';
import { carriedOut, leftOut } from '../policies/carried-out.ts';

/**
 * What a state declares and this version checks but does not do, so that nobody takes a declaration for a deed. Pure.
 */
export function notCarriedOut(state: HostState): readonly string[] {
  const maps = {
    users: state.users,
    shares: state.shares,
    sources: state.sources,
    clients: state.clients,
  };
  const whole = Object.entries(maps)
    .filter(([, map]) => Object.keys(map).length > 0)
    .map(([name, map]) => `${name} (${Object.keys(map).join(', ')})`);
  if (state.catcher !== undefined) whole.push('catcher');
  if (state.notify.length > 0) whole.push('notify');
  const policies = Object.entries(state.policies).flatMap(([name, policy]) => {
    if (carriedOut(policy) !== undefined) return [`policy ${name} (${policy.kind})`];
    return policy.kind === 'backup'
      ? leftOut(policy).map((sentence) => `part of policy ${name}: ${sentence}`)
      : [];
  });
  return [...whole, ...policies];
}
