import type { PolicyEngine } from '../policies/policy-engine.ts';
import type { RestoreRequest } from '../restore/restore-request.ts';
import { restorePolicy as restore } from '../restore/restore-policy.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** Restores because a person asked, until the person goes away or the engine ends. */
export async function restorePolicy(
  request: RestoreRequest,
  signal: AbortSignal,
  engine: PolicyEngine,
): ReturnType<Control['restore']> {
  const answer = await engine.use(request.policy, (named, parts, ending) =>
    restore({ request, named, parts, signal: AbortSignal.any([signal, ending]) }),
  );
  return 'outcome' in answer ? { kind: 'restored', report: answer } : refuse(answer);
}
