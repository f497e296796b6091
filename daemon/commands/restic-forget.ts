import type { Keep } from '../../state-schema/generated/state-file.ts';
import { parseDurationSeconds } from '../../state-schema/units.ts';
import type { SnapshotFilter } from './restic-snapshots.ts';

const COUNTS = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
const DAY_SECONDS = 86_400;

/**
 * `restic forget` of one policy's snapshots; undefined when `keep` keeps nothing, because then it would either do nothing
 * or, with some versions, remove them all. Grouped by host and tags: by path, a moved source would keep its old snapshots for ever. Pure.
 */
export function forgetArgs(filter: SnapshotFilter, keep: Keep): readonly string[] | undefined {
  const rules = COUNTS.flatMap((unit) => {
    const count = keep[unit];
    return count === undefined || count <= 0 ? [] : [`--keep-${unit}=${count}`];
  });
  if (keep.within !== undefined) rules.push(`--keep-within=${resticDuration(keep.within)}`);
  if (rules.length === 0) return undefined;
  return [
    'forget',
    '--json',
    '--quiet',
    `--host=${filter.host}`,
    `--tag=policy:${filter.policy}`,
    '--group-by=host,tags',
    ...rules,
  ];
}

/** How many snapshots `restic forget --json` removed. Throws a SyntaxError when it printed no list. Pure. */
export function parseForget(stdout: string): number {
  const line = stdout.split('\n').find((text) => text.startsWith('['));
  // restic prints nothing at all when there was no snapshot to look at.
  if (line === undefined && stdout.trim() === '') return 0;
  const groups = JSON.parse(line ?? stdout) as readonly { readonly remove?: readonly unknown[] | null }[];
  return groups.reduce((sum, group) => sum + (group.remove?.length ?? 0), 0);
}

/** restic's `m` means months, so only days and hours are used, rounded up. */
function resticDuration(duration: string): string {
  const seconds = parseDurationSeconds(duration);
  return `${Math.floor(seconds / DAY_SECONDS)}d${Math.ceil((seconds % DAY_SECONDS) / 3600)}h`;
}
