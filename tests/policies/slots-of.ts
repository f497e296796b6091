const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** No zone changes its clocks between two of these. */
const QUARTER_MS = 15 * MINUTE_MS;

/** A minute that really passes, and what clocks then show, as if that were UTC. */
interface Passing {
  readonly at: number;
  readonly shown: number;
}

/** A span of time. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The five fields of a schedule as sets of numbers; only lists, steps and `*` are known, and no dates. */
interface Fields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
}

const passing = new Map<string, readonly Passing[]>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show at a moment, as if that were UTC, by the zone data of JavaScript itself. */
export function shownAt(time: number, timezone: string): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    formats.set(timezone, format);
  }
  return Date.parse(`${format.format(time).replace(' ', 'T')}Z`);
}

/**
 * The slots of a schedule after one moment and up to another, found without any cron library: every minute that really
 * passes is held against the clocks on the wall.
 */
export function slotsOf(cron: string, timezone: string, span: Span): readonly string[] {
  const minutes = minutesOf(timezone, span);
  const fields = fieldsOf(cron);
  const slots =
    cron.split(' ')[1] === '*'
      ? minutes.filter(({ shown }) => isDue(fields, shown)).map(({ at }) => at)
      : namedTimes(fields, minutes);
  return [...new Set(slots)]
    .filter((at) => at > span.from.getTime() && at <= span.to.getTime())
    .toSorted((a, b) => a - b)
    .map((at) => new Date(at).toISOString());
}

/** Each time of day that is meant, at the first moment when it is shown, or would have been had the clocks not leapt. */
function namedTimes(fields: Fields, minutes: readonly Passing[]): readonly number[] {
  const slots: number[] = [];
  let highest = minutes[0]?.shown ?? 0;
  for (const [index, { at, shown }] of minutes.entries()) {
    const before = minutes[index - 1];
    for (const leapt of between(before?.shown ?? shown, shown))
      if (isDue(fields, leapt) && before !== undefined) slots.push(before.at + leapt - before.shown);
    if (shown > highest && isDue(fields, shown)) slots.push(at);
    highest = Math.max(highest, shown);
  }
  return slots;
}

/** The minutes between two, without either. */
function between(first: number, last: number): readonly number[] {
  const count = Math.max(0, (last - first) / MINUTE_MS - 1);
  return Array.from({ length: count }, (_, index) => first + (index + 1) * MINUTE_MS);
}

/** Every minute of a span, and of some hours before it. */
function minutesOf(timezone: string, { from, to }: Span): readonly Passing[] {
  const key = `${timezone} ${from.getTime()} ${to.getTime()}`;
  const known = passing.get(key);
  if (known !== undefined) return known;
  const minutes: Passing[] = [];
  const start = Math.floor(from.getTime() / QUARTER_MS) * QUARTER_MS - 6 * HOUR_MS;
  for (let quarter = start; quarter <= to.getTime(); quarter += QUARTER_MS) {
    const shown = shownAt(quarter, timezone);
    for (let past = 0; past < QUARTER_MS; past += MINUTE_MS)
      minutes.push({ at: quarter + past, shown: shown + past });
  }
  passing.set(key, minutes);
  return minutes;
}

function isDue({ minutes, hours, weekdays }: Fields, shown: number): boolean {
  const date = new Date(shown);
  return minutes.has(date.getUTCMinutes()) && hours.has(date.getUTCHours()) && weekdays.has(date.getUTCDay());
}

function fieldsOf(cron: string): Fields {
  const [minutes = '', hours = '', , , weekdays = ''] = cron.split(' ');
  return { minutes: numbers(minutes, 60), hours: numbers(hours, 24), weekdays: numbers(weekdays, 7) };
}

function numbers(field: string, span: number): ReadonlySet<number> {
  const all = Array.from({ length: span }, (_, index) => index);
  if (field === '*') return new Set(all);
  const step = /^\*\/(\d+)$/.exec(field)?.[1];
  if (step !== undefined) return new Set(all.filter((value) => value % Number(step) === 0));
  return new Set(field.split(',').map(Number));
}
