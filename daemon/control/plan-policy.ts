import type { PolicyEngine } from '../policies/policy-engine.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** Tells what the next run of a policy would do. */
export async function planPolicy(name: string, engine: PolicyEngine): ReturnType<Control['planPolicy']> {
  const result = await engine.plan(name);
  return result.kind === 'refused' ? refuse(result.fault) : result;
}
