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

/** What `restic forget --json` keeps and removes, or would. Ids of snapshots, 64 hex digits. */
export interface ForgetList {
  /** Oldest first. */
  readonly keep: readonly string[];
  readonly remove: readonly string[];
}

/** Reads what `restic forget --json` printed. Throws a SyntaxError when it printed no list. Pure. */
export function parseForget(stdout: string): ForgetList {
  const line = stdout.split('\n').find((text) => text.startsWith('['));
  // restic prints nothing at all when there was no snapshot to look at.
  if (line === undefined && stdout.trim() === '') return { keep: [], remove: [] };
  const groups = JSON.parse(line ?? stdout) as readonly Group[];
  return {
    keep: idsOf(groups.map((group) => group.keep)),
    remove: idsOf(groups.map((group) => group.remove)),
  };
}

interface Listed {
  readonly id?: string;
  readonly time?: string;
}

interface Group {
  readonly keep?: readonly Listed[] | null;
  readonly remove?: readonly Listed[] | null;
}

function idsOf(lists: readonly (readonly Listed[] | null | undefined)[]): readonly string[] {
  return lists
    .flatMap((list) => list ?? [])
    .toSorted((one, other) => Date.parse(one.time ?? '') - Date.parse(other.time ?? ''))
    .flatMap(({ id }) => id ?? []);
}

/** restic's `m` means months, so only days and hours are used, rounded up. */
function resticDuration(duration: string): string {
  const seconds = parseDurationSeconds(duration);
  return `${Math.floor(seconds / DAY_SECONDS)}d${Math.ceil((seconds % DAY_SECONDS) / 3600)}h`;
}
