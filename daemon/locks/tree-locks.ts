import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LockRequest, LockResult } from './file-lock.ts';
import { waitForLock, type LockPatience } from './wait-for-lock.ts';

/** The locks of trees, or which tree is in use. */
export type TreeLocks =
  | {
      readonly kind: 'held';
      readonly release: () => Promise<void>;
      /** To be handed to children that must keep the trees locked when this process is killed. */
      readonly descriptors: readonly number[];
    }
  | { readonly kind: 'busy'; readonly tree: string; readonly holder?: { readonly pid: number } };

/**
 * Locks whole trees against everybody who changes or mirrors one that is the same, above or below. Each is named by its
 * host path. The locks hold over processes and end with them, see file-lock.ts.
 */
export async function lockTrees(
  trees: readonly string[],
  { stateDir, ...patience }: LockPatience & { readonly stateDir: string },
): Promise<TreeLocks> {
  const held: Extract<LockResult, { kind: 'held' }>[] = [];
  async function release(): Promise<void> {
    for (const lock of held.toReversed()) await lock.release();
  }
  try {
    for (const { path, mode } of treeLockOrder(trees)) {
      const lock = await waitForLock({ file: treeLockFile(stateDir, path), mode }, patience);
      if (lock.kind === 'held') held.push(lock);
      else {
        await release();
        return { ...lock, tree: path };
      }
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { kind: 'held', release, descriptors: held.map(({ descriptor }) => descriptor) };
}

/**
 * The locks that trees need: each tree alone, and what is above it together with others, so that neighbours do not wait
 * for each other. In one order for all, so that no two wait for each other for ever. Pure.
 */
export function treeLockOrder(
  trees: readonly string[],
): readonly { readonly path: string; readonly mode: LockRequest['mode'] }[] {
  const modes = new Map<string, LockRequest['mode']>();
  for (const tree of trees) for (const above of ancestors(tree)) modes.set(above, 'shared');
  for (const tree of trees) modes.set(tree, 'exclusive');
  return [...modes.keys()].toSorted().map((path) => ({ path, mode: modes.get(path) ?? 'exclusive' }));
}

function ancestors(tree: string): readonly string[] {
  const names = tree.split('/').filter((name) => name !== '');
  return names.map((_, index) => `/${names.slice(0, index).join('/')}`);
}

function treeLockFile(stateDir: string, path: string): string {
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(stateDir, 'locks', `tree-${digest}.lock`);
}
