import type { Share } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { carriedOut } from '../policies/carried-out.ts';

/**
 * What a state declares and this version checks but does not do, so that nobody takes a declaration for a deed. Pure.
 */
export function notCarriedOut(state: HostState): readonly string[] {
  const maps = {
    sources: state.sources,
    clients: state.clients,
  };
  const whole = Object.entries(maps)
    .filter(([, map]) => Object.keys(map).length > 0)
    .map(([name, map]) => `${name} (${Object.keys(map).join(', ')})`);
  const users = Object.keys(state.users);
  // Shares are served to whoever has a password; giving one is a person's work for now.
  if (users.length > 0) whole.unshift(`users (${users.join(', ')}): their Samba passwords are not set`);
  whole.push(...Object.entries(state.shares).flatMap(([name, share]) => shareParts(name, share)));
  if (state.catcher !== undefined) whole.push('catcher');
  const policies = Object.entries(state.policies)
    .filter(([, policy]) => carriedOut(policy) !== undefined)
    .map(([name, policy]) => `policy ${name} (${policy.kind})`);
  return [...whole, ...policies];
}

function shareParts(name: string, { recycle, timeMachine }: Share): readonly string[] {
  return [
    ...(recycle === undefined ? [] : [`part of share ${name}: what is in .recycle is never removed`]),
    ...(timeMachine === undefined ? [] : [`part of share ${name}: no mDNS record is made`]),
  ];
}
