import type { Fault } from '../errors.ts';
import { lockTrees } from '../locks/tree-locks.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';

/** Tells when another policy is at work in or above one of the trees. */
export async function treesInUse(
  name: string,
  trees: readonly string[],
  { stateDir, clock }: PolicyParts,
): Promise<Fault | undefined> {
  const patience = { clock, waitMs: 0, signal: new AbortController().signal };
  const locks = await lockTrees(trees, { stateDir, ...patience });
  if (locks.kind === 'held') {
    await locks.release();
    return undefined;
  }
  const message = `another policy is at work in or above ${locks.tree}; ${name} begins when it has ended`;
  return { reason: 'LockHeld', message, next: 'anchord policy list shows what runs' };
}
