import type { PolicyEngine } from '../policies/policy-engine.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** Stops the run of a policy because a person asked. */
export async function cancelPolicy(name: string, engine: PolicyEngine): ReturnType<Control['cancelPolicy']> {
  if (engine.cancel(name)) return { kind: 'cancelling' };
  const message = `no run of ${JSON.stringify(name)} is under way`;
  return refuse({ reason: 'NotRunning', message, next: 'anchord policy list' });
}
