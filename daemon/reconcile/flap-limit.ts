const MINUTE_MS = 60_000;

/** This many repairs of one resource … */
const REPAIRS = 5;
/** … within this time are put down to something that will change it again. Milliseconds. */
const WITHIN_MS = 10 * MINUTE_MS;
/** How long it is then left alone; each pause that did not help doubles the next. Milliseconds. */
const PAUSE_MS = { first: 10 * MINUTE_MS, longest: 6 * 60 * MINUTE_MS };
/** How many repairs are remembered of one resource. */
const REMEMBERED = 10;

/** What is remembered of a resource that was put right lately. Times are UTC, ISO 8601. */
export interface FlapRecord {
  /** Of what was wanted: another revision of the resource begins anew. */
  readonly digest: string;
  /** Oldest first. */
  readonly repairs: readonly { readonly at: string; readonly what: string }[];
  /** The last time it was left alone; `level` counts the pauses that followed one another. */
  readonly pause?: { readonly since: string; readonly until: string; readonly level: number };
}

/** The record of a resource that must be left alone now, with its pause; undefined when it may be put right. Pure. */
export function paused(
  record: FlapRecord,
  now: Date,
): (FlapRecord & Required<Pick<FlapRecord, 'pause'>>) | undefined {
  const { pause } = record;
  const time = now.getTime();
  // A clock that went back behind its beginning says nothing of its end.
  if (pause !== undefined && Date.parse(pause.since) <= time && time < Date.parse(pause.until))
    return { ...record, pause };
  const limit = pause === undefined ? REPAIRS : 1;
  if (recentRepairs(record, now) < limit) return undefined;
  const level = (pause?.level ?? 0) + 1;
  const until = new Date(time + pauseMs(level));
  return { ...record, pause: { since: now.toISOString(), until: until.toISOString(), level } };
}

/** The record after one more repair. Pure. */
export function afterRepair(
  record: FlapRecord | undefined,
  repair: { readonly digest: string; readonly at: Date; readonly what: string },
): FlapRecord {
  const { digest, at, what } = repair;
  const known = record?.digest === digest && !isOver(record, at) ? record : { digest, repairs: [] };
  const repairs = [...known.repairs, { at: at.toISOString(), what }].slice(-REMEMBERED);
  return { ...known, repairs };
}

/** Whether a record says nothing any more: the resource has stayed right for long enough. Pure. */
export function isOver(record: FlapRecord, now: Date): boolean {
  const { pause } = record;
  if (pause !== undefined && now.getTime() < Date.parse(pause.until) + spanMs(record)) {
    return Date.parse(pause.since) > now.getTime();
  }
  return recentRepairs(record, now) === 0;
}

/** Repairs that count: since the last pause, and not too long ago. */
function recentRepairs(record: FlapRecord, now: Date): number {
  const span = spanMs(record);
  const since = Math.max(now.getTime() - span, Date.parse(record.pause?.until ?? '') || 0);
  return record.repairs.filter(({ at }) => Date.parse(at) >= since && Date.parse(at) <= now.getTime()).length;
}

function spanMs({ pause }: FlapRecord): number {
  return Math.max(WITHIN_MS, pause === undefined ? 0 : pauseMs(pause.level));
}

function pauseMs(level: number): number {
  return Math.min(PAUSE_MS.first * 2 ** Math.min(level - 1, 20), PAUSE_MS.longest);
}
