import type { HostState } from '../../state-schema/host-state.ts';
import type { Run } from '../../state-schema/generated/status.ts';
import { matchesPattern } from './tree/name-pattern.ts';
import { rawName, type RawName } from './tree/raw-name.ts';

/** Until when the contents of a directory are in a backup. */
export type Coverage =
  /** No backup policy has it in its source. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'never'; readonly policies: readonly string[] }
  /** What was changed before that, in milliseconds since 1970, is in a good snapshot. */
  | { readonly kind: 'until'; readonly time: number };

/** The last good snapshot that holds a directory, given by its host path and name. Pure. */
export function coveredUntil(
  directory: { readonly parent: string; readonly name: RawName },
  state: Pick<HostState, 'policies'>,
  lastRuns: ReadonlyMap<string, { readonly lastOk?: Run }>,
): Coverage {
  const policies = Object.entries(state.policies).flatMap(([policy, { kind, ...rest }]) =>
    kind === 'backup' && 'source' in rest && covers(rest, directory) ? [policy] : [],
  );
  if (policies.length === 0) return { kind: 'nobody' };
  const times = policies.flatMap((policy) => {
    const run = lastRuns.get(policy)?.lastOk;
    return run === undefined ? [] : [Date.parse(run.startedAt)];
  });
  return times.length === 0 ? { kind: 'never', policies } : { kind: 'until', time: Math.max(...times) };
}

function covers(
  backup: { readonly source: string; readonly exclude?: readonly string[] },
  { parent, name }: { readonly parent: string; readonly name: RawName },
): boolean {
  const isInside =
    backup.source === '/' || parent === backup.source || parent.startsWith(`${backup.source}/`);
  const path = [
    ...parent
      .split('/')
      .filter((part) => part !== '')
      .map(rawName),
    name,
  ];
  const isLeftOut = (backup.exclude ?? []).some((pattern) =>
    path.some((_, index) => matchesPattern(path.slice(0, index + 1), pattern)),
  );
  return isInside && !isLeftOut;
}
