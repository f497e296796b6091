import { parseDurationSeconds } from '../../state-schema/units.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?$/;

/** A time in the future: a span from now, or an ISO 8601 time, local where it names no zone. Undefined for all else. Pure. */
export function untilTime(text: string, now: Date): Date | undefined {
  const time = TIME.test(text) ? new Date(text) : later(text, now);
  return time !== undefined && time > now ? time : undefined;
}

function later(span: string, now: Date): Date | undefined {
  try {
    const time = new Date(now.getTime() + parseDurationSeconds(span) * 1000);
    return Number.isNaN(time.getTime()) ? undefined : time;
  } catch {
    return undefined;
  }
}
