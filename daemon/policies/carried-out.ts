import type { Fault } from '../errors.ts';
import type { RunnablePolicy } from './runnable-policies.ts';

const CARRIED_OUT: ReadonlySet<RunnablePolicy['kind']> = new Set([
  'backup',
  'prune',
  'graduate',
  'state',
  'purge',
  'mirror',
  'check',
  'drill',
]);

/** Why this version does not run a policy at all; undefined when it does. Pure. */
export function carriedOut(policy: RunnablePolicy): Fault | undefined {
  if (!CARRIED_OUT.has(policy.kind)) {
    return notYet(`Policies of kind ${policy.kind} are not carried out by this version: nothing runs.`);
  }
  return undefined;
}

function notYet(message: string): Fault {
  return { reason: 'NotCarriedOutYet', message };
}
