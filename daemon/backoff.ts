const FIRST_MS = 2_000;
const MOST_MS = 15 * 60_000;

/**
 * How long to wait before trying again: doubles with each failure up to a quarter of an hour, and is spread over the
 * upper half of that, so that many hosts do not knock at once. Pure; `random` is in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, Math.min(failures - 1, 20)));
  return Math.round(full / 2 + (full / 2) * random);
}

/** The poll interval with its jitter of ± 10 %. */
export function jittered(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (0.9 + 0.2 * random));
}
