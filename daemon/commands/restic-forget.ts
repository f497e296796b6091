import type { Keep } from '../../state-schema/generated/state-file.ts';
import { parseDurationSeconds } from '../../state-schema/units.ts';
import type { SnapshotFilter } from './restic-snapshots.ts';

const COUNTS = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;
const DAY_SECONDS = 86_400;

/**
 * `restic forget --dry-run` of one policy's snapshots: what `keep` does not keep; undefined when `keep` keeps nothing,
 * because then it would either do nothing or, with some versions, remove them all. Grouped by host and tags: by path, a
 * moved source would keep its old snapshots for ever. Pure.
 */
export function forgetPlanArgs(filter: SnapshotFilter, keep: Keep): readonly string[] | undefined {
  const rules = COUNTS.flatMap((unit) => {
    const count = keep[unit];
    return count === undefined || count <= 0 ? [] : [`--keep-${unit}=${count}`];
  });
  if (keep.within !== undefined) rules.push(`--keep-within=${resticDuration(keep.within)}`);
  if (rules.length === 0) return undefined;
  return [
    'forget',
    '--dry-run',
    '--json',
    '--quiet',
    `--host=${filter.host}`,
    `--tag=policy:${filter.policy}`,
    '--group-by=host,tags',
    ...rules,
  ];
}

/** `restic forget` of exactly these snapshots. Pure. */
export function forgetIdsArgs(ids: readonly string[]): readonly string[] {
  return ['forget', '--quiet', '--', ...ids];
}

/** A snapshot that is kept or removed. */
export interface ForgetItem {
  /** 64 hex digits. */
  readonly id: string;
  /** When it was begun, with the zone's offset. */
  readonly time: string;
}

/** What `restic forget --json` keeps and removes, or would. */
export interface ForgetList {
  /** Oldest first. */
  readonly keep: readonly ForgetItem[];
  readonly remove: readonly ForgetItem[];
  /** Whether of some host and tags nothing at all would be left: no rule of anchord's asks for that. */
  readonly emptiesGroup: boolean;
}

/** Reads what `restic forget --json` printed. Throws a SyntaxError when it printed no list. Pure. */
export function parseForget(stdout: string): ForgetList {
  const line = stdout.split('\n').find((text) => text.startsWith('['));
  // restic prints nothing at all when there was no snapshot to look at.
  if (line === undefined && stdout.trim() === '') return { keep: [], remove: [], emptiesGroup: false };
  const groups = JSON.parse(line ?? stdout) as readonly Group[];
  return {
    keep: itemsOf(groups.map((group) => group.keep)),
    remove: itemsOf(groups.map((group) => group.remove)),
    emptiesGroup: groups.some(({ keep, remove }) => (keep ?? []).length === 0 && (remove ?? []).length > 0),
  };
}

type Listed = readonly Partial<ForgetItem>[] | null | undefined;

interface Group {
  readonly keep?: Listed;
  readonly remove?: Listed;
}

function itemsOf(lists: readonly Listed[]): readonly ForgetItem[] {
  return lists
    .flatMap((list) => list ?? [])
    .flatMap(({ id, time = '' }) => (id === undefined ? [] : [{ id, time }]))
    .toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time));
}

/** restic's `m` means months, so only days and hours are used, rounded up. */
function resticDuration(duration: string): string {
  const seconds = parseDurationSeconds(duration);
  return `${Math.floor(seconds / DAY_SECONDS)}d${Math.ceil((seconds % DAY_SECONDS) / 3600)}h`;
}
