import type { PolicyEngine } from '../policies/policy-engine.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** Runs a policy because a person asked, and waits for its end. */
export async function runPolicy(name: string, engine: PolicyEngine): ReturnType<Control['runPolicy']> {
  const started = await engine.runNow(name, 'person');
  if (started.kind === 'refused') return refuse(started.fault);
  return { kind: 'ran', run: await started.ended };
}
