import type { Tier } from '../generated/state-file.ts';
import type { PartialHostState } from '../parse/merge-files.ts';

/** The catcher's tiers with their names, hot first; none without a catcher. */
export function tiersOf({ catcher }: PartialHostState): readonly (readonly [string, Tier])[] {
  if (catcher === undefined) return [];
  return (['hot', 'warm', 'cold', 'offsite'] as const).flatMap((name) => {
    const tier = catcher.tiers[name];
    return tier === undefined ? [] : [[name, tier] as const];
  });
}
