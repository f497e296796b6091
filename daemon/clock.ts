/** Where the daemon learns the time. Everything else takes a `Clock` or a time as an argument. */
export interface Clock {
  /** Wall-clock time. Jumps when somebody or NTP sets it. */
  now(): Date;
  /** Milliseconds since an arbitrary start, never going back. For measuring how long something took. */
  monotonic(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
};

/** A time as every file and message of anchord writes it: UTC, ISO 8601, whole seconds. */
export function isoSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
