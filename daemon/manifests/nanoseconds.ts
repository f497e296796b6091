const NS_PER_MS = 1_000_000n;

/** Nanoseconds since 1970 of a time as restic writes it, such as 2026-11-21T02:00:00.123456789-05:00; undefined for no time. Pure. */
export function nanoseconds(time: string): bigint | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(time);
  if (parts === null) return undefined;
  const seconds = Date.parse(`${parts[1]}${parts[3]}`);
  if (Number.isNaN(seconds)) return undefined;
  return BigInt(seconds) * NS_PER_MS + BigInt((parts[2] ?? '').padEnd(9, '0'));
}

/** The other way round: a time in UTC, as restic writes it. Pure. */
export function isoNanoseconds(time: bigint): string {
  const seconds = time / 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${date}.${String(time % 1_000_000_000n).padStart(9, '0')}Z`;
}
