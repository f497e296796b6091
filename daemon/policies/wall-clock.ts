const DAY_MS = 24 * 60 * 60_000;
/** Making one costs more than all it is ever asked. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds that the clocks of a zone (an IANA name) are ahead of UTC at a moment. Throws a RangeError for what is no zone. Pure. */
export function offsetMs(time: number, timezone: string): number {
  const parts = formatOf(timezone).formatToParts(time);
  function part(type: Intl.DateTimeFormatPartTypes): number {
    return Number(parts.find((one) => one.type === type)?.value);
  }
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(time / 1000) * 1000;
}

/**
 * The offsets of a zone a day before and a day after a moment, milliseconds: they differ where its clocks are changed in
 * between. `around` may be a time that the clocks show, for no zone is a day away from UTC. Pure.
 */
export function offsetsAround(around: number, timezone: string): readonly [before: number, after: number] {
  return [offsetMs(around - DAY_MS, timezone), offsetMs(around + DAY_MS, timezone)];
}

/** When clocks show a time. */
export interface Moments {
  /** No earlier than this, and not later in the order of the times shown. */
  readonly earliest: number;
  /** The clocks leap over it. */
  readonly isLeapt: boolean;
  readonly moments: readonly [number, ...number[]];
}

/**
 * When the clocks of a zone show a time, which is written as if it were UTC. Twice where they are set back over it, the
 * first time first; where they leap over it, the one moment at which they would have shown it without the leap. Pure.
 */
export function momentsOf(shown: number, timezone: string): Moments {
  const [before, after] = offsetsAround(shown, timezone);
  const earliest = shown - Math.max(before, after);
  if (before === after) return { earliest, isLeapt: false, moments: [earliest] };
  const [first, ...more] = [earliest, shown - Math.min(before, after)].filter(
    (moment) => moment + offsetMs(moment, timezone) === shown,
  );
  return first === undefined
    ? { earliest, isLeapt: true, moments: [shown - before] }
    : { earliest, isLeapt: false, moments: [first, ...more] };
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timezone, format);
  return format;
}
