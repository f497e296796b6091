import { join } from 'node:path';
import type { Policy } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';

/** Real paths of the trees that policies read, move or empty: people work there. Pure. */
export function liveTrees(state: Pick<HostState, 'policies'>, root: string): readonly string[] {
  const trees = Object.values(state.policies).flatMap(treesOf);
  return [...new Set(trees)].map((path) => join(root, path));
}

/** Real paths of what only anchord and restic may write: its state directory, and every local repository. Pure. */
export function privateTrees(known: {
  readonly state: Pick<HostState, 'policies'>;
  /** Locations of repositories that were initialised, also by policies that are gone. */
  readonly remembered: readonly string[];
  readonly root: string;
  readonly stateDir: string;
}): readonly string[] {
  const { state, remembered, root, stateDir } = known;
  const declared = Object.values(state.policies).flatMap((policy) =>
    policy.kind === 'backup' ? [policy.repository] : [],
  );
  const local = [...declared, ...remembered].filter((location) => location.startsWith('/'));
  return [stateDir, ...[...new Set(local)].map((path) => join(root, path))];
}

function treesOf(policy: Policy): readonly string[] {
  switch (policy.kind) {
    case 'backup':
    case 'mirror':
      return [policy.source];
    case 'graduate':
      return [policy.from, policy.to];
    case 'purge':
      return [policy.path];
    case 'check':
    case 'drill':
    case 'tier':
      return [];
  }
}
