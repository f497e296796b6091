import { isoSeconds } from '../../daemon/clock.ts';

/** A length of time in readable parts. */
export interface Span {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
}

/** The time that lies so far before `now`; a negative span lies after it. */
export function before(now: Date, { days = 0, hours = 0, minutes = 0 }: Span): string {
  return isoSeconds(new Date(now.getTime() - ((days * 24 + hours) * 60 + minutes) * 60_000));
}
