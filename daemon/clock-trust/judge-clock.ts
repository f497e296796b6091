import { isoSeconds } from '../clock.ts';
import type { Fault } from '../errors.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** NTP moves a clock by less than this all the time. Milliseconds. */
const BEHIND_TOLERANCE_MS = MINUTE_MS;
/** A clock that was moved further than this against the time that passed was set. Milliseconds. */
export const JUMP_MS: number = HOUR_MS;
/** After this long without another jump a clock is believed again. Milliseconds. */
const STEADY_MS = 24 * HOUR_MS;

/** What is known of the clock. */
export interface ClockFacts {
  readonly now: Date;
  /** Whether it is kept in step with a time server; undefined where that cannot be told. */
  readonly synchronised: boolean | undefined;
  /** Milliseconds since it last jumped, in time that really passed; undefined when it did not. */
  readonly sinceJumpMs: number | undefined;
  /** Milliseconds for which it is known to have gone as time does. */
  readonly steadyMs: number;
  /** The newest time that anything was recorded at, ISO 8601. */
  readonly newestRecord: string | undefined;
}

/** Why nothing may be deleted by age now; undefined when the clock can be trusted with it. Pure. */
export function judgeClock(facts: ClockFacts): Fault | undefined {
  const { now, synchronised, sinceJumpMs, steadyMs, newestRecord } = facts;
  if (synchronised === false) {
    return fault(
      'ClockUnsynchronised',
      'the clock is not kept in step with a time server',
      'timedatectl set-ntp true',
    );
  }
  // Setting a clock tells the kernel that it is out of step, until a time server has put it right.
  if (sinceJumpMs !== undefined && sinceJumpMs < STEADY_MS && synchronised !== true) {
    return fault('ClockJumped', `the clock was moved by more than an hour and says ${isoSeconds(now)}`, LOOK);
  }
  if (newestRecord === undefined || Date.parse(newestRecord) <= now.getTime() + BEHIND_TOLERANCE_MS)
    return undefined;
  // A record from the future is of a time when the clock was wrong, once a time server has vouched for it for a day.
  if (synchronised === true && steadyMs >= STEADY_MS) return undefined;
  return fault(
    'ClockBehind',
    `the clock says ${isoSeconds(now)}, but something was recorded at ${newestRecord}`,
    LOOK,
  );
}

const LOOK = 'check the clock: timedatectl';

function fault(reason: Fault['reason'], what: string, next: string): Fault {
  return { reason, message: `${what}; nothing is deleted by age until that is right`, next };
}
