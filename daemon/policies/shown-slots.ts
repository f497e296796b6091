import parser from 'cron-parser';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The 29th of February can be eight years away. */
const MOST_DAYS = 9 * 366;
/** What cron-parser makes of a `*`: all hours; all days of the week, with Sunday as 0 and as 7. */
const ALL = { hours: 24, weekdays: 8 } as const;

/** A schedule's words, read. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number | string>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** It is due in every hour of its days. */
  readonly isHourly: boolean;
}

/** Reads five cron fields. Throws what cron-parser throws for what is none. Pure. */
export function cronFields(cron: string): CronFields {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parser.parseExpression(cron, { tz: 'UTC' }).fields;
  return {
    minutes: minute,
    hours: hour,
    days: new Set<number | string>(dayOfMonth),
    months: new Set<number>(month),
    weekdays: new Set<number>(dayOfWeek),
    isHourly: hour.length === ALL.hours,
  };
}

/**
 * The times that clocks on a wall show when a schedule is due, after the one given, in order and without end; each is written
 * as if it were UTC. Throws a RangeError when there is none within eight years. Pure.
 */
export function* shownSlots(fields: CronFields, after: number): Generator<number, never> {
  let last = Math.floor(after / DAY_MS) * DAY_MS;
  for (let day = last; day <= last + MOST_DAYS * DAY_MS; day += DAY_MS) {
    if (!isItsDay(new Date(day), fields)) continue;
    last = day;
    const times = fields.hours.flatMap((hour) =>
      fields.minutes.map((minute) => hour * HOUR_MS + minute * MINUTE_MS),
    );
    yield* times.map((time) => day + time).filter((shown) => shown > after);
  }
  throw new RangeError('no day of any year is meant');
}

/** As cron has it: when both the day of the month and that of the week are limited, either is enough. */
function isItsDay(date: Date, { days, months, weekdays }: CronFields): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDay = days.has(date.getUTCDate());
  const isWeekday = weekdays.has(date.getUTCDay());
  const everyDay = days.size >= daysOfMonth(date);
  const everyWeekday = weekdays.size === ALL.weekdays;
  return everyDay || everyWeekday ? isDay && isWeekday : isDay || isWeekday;
}

function daysOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
