import type { PolicyEngine } from '../policies/policy-engine.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** Accepts a plan or a snapshot of a policy because a person asked. */
export async function acceptPolicy(
  name: string,
  id: string,
  engine: PolicyEngine,
): ReturnType<Control['acceptPolicy']> {
  const result = await engine.accept(name, id);
  return result.kind === 'refused' ? refuse(result.fault) : result;
}
