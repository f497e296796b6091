const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const PREFIXES = 'KMGTPE';

/** Seconds of a duration such as `90s`, `15m`, `12h` or `30d`. Throws a RangeError for anything else. */
export function parseDurationSeconds(text: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,8})(s|m|h|d)$/.exec(text) ?? [];
  const seconds = SECONDS[unit ?? ''];
  if (count === undefined || seconds === undefined) {
    throw new RangeError(`${JSON.stringify(text)} is no time span: write one such as 90s, 15m, 12h or 30d`);
  }
  return Number(count) * seconds;
}

/** Bytes of a size: `500GB` counts in thousands, `6TiB` in 1024s. Throws a RangeError for anything else. */
export function parseSizeBytes(text: string): number {
  const [, count, prefix, binary] = /^([0-9]{1,15}(?:\.[0-9]{1,6})?)([KMGTPE]?)(i?)B$/.exec(text) ?? [];
  if (count === undefined || (prefix === '' && binary === 'i')) {
    throw new RangeError(`${JSON.stringify(text)} is no size: write one such as 500GB or 6TiB`);
  }
  const power = prefix === '' ? 0 : PREFIXES.indexOf(prefix ?? '') + 1;
  return Math.floor(Number(count) * (binary === 'i' ? 1024 : 1000) ** power);
}

/** The part of one that a percentage is: `5%` is 0.05. Throws a RangeError for anything else. */
export function parsePercent(text: string): number {
  const [, count] = /^([0-9]{1,3}(?:\.[0-9]{1,3})?)%$/.exec(text) ?? [];
  if (count === undefined || Number(count) > 100) {
    throw new RangeError(`${JSON.stringify(text)} is no share: write one such as 5%`);
  }
  return Number(count) / 100;
}
