import type { PolicyEngine } from '../policies/policy-engine.ts';
import { listSnapshots } from '../restore/list-snapshots.ts';
import type { Control } from './control.ts';
import { refuse } from './refuse.ts';

/** What a policy's repository holds. */
export async function policySnapshots(
  { name, all }: { readonly name: string; readonly all: boolean },
  engine: PolicyEngine,
): ReturnType<Control['snapshots']> {
  const answer = await engine.use(name, (named, parts, signal) =>
    listSnapshots(named, { parts, all, signal }),
  );
  return 'reason' in answer ? refuse(answer) : { kind: 'snapshots', snapshots: answer };
}
