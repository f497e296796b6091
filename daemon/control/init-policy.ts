import type { PolicyEngine } from '../policies/policy-engine.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** Makes or adopts the repository of a policy because a person asked. */
export async function initPolicy(name: string, engine: PolicyEngine): ReturnType<Control['initPolicy']> {
  const result = await engine.init(name);
  if (result.kind === 'refused') return refuse(result.fault);
  return { kind: 'initialised', how: result.kind, id: result.id };
}
