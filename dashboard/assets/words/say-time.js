const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The units of a length of time, longest first, each with the length from which it is used. */
const TIME_UNITS = /** @type {const} */ ([
  { name: 'day', length: DAY, from: 2 * DAY },
  { name: 'hour', length: HOUR, from: 2 * HOUR },
  { name: 'minute', length: MINUTE, from: 90 * SECOND },
]);

/** Differences below this are not worth a number that changes all the time. */
const MOMENT = 45 * SECOND;

const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const absoluteFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/**
 * A time as seen from now: `3 hours ago`, `in 20 minutes`.
 * @param {string} iso
 * @param {number} now
 */
function sayAgo(iso, now) {
  const difference = Date.parse(iso) - now;
  if (Number.isNaN(difference)) return iso;
  const length = Math.abs(difference);
  if (length < MOMENT) return difference > 0 ? 'in a moment' : 'just now';
  const unit = TIME_UNITS.find(({ from }) => length >= from);
  if (unit === undefined) return difference > 0 ? 'in a minute' : 'a minute ago';
  return relativeFormat.format(Math.trunc(difference / unit.length), unit.name);
}

/**
 * A time by the reader's clock and calendar: `21 Nov 2026, 03:00`.
 * @param {string} iso
 */
function sayWhen(iso) {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : absoluteFormat.format(time);
}

/**
 * A sentence of the daemon, which writes times for machines, with its times by the reader's clock.
 * @param {string} text
 */
function sayTimes(text) {
  return text.replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/gu, sayWhen);
}

/**
 * A length of time with its two longest units: `2 h 5 min`, `48 s`.
 * @param {number} seconds
 */
function sayDuration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts = [
    { count: days, unit: 'd' },
    { count: hours, unit: 'h' },
    { count: minutes, unit: 'min' },
    { count: whole % 60, unit: 's' },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return '0 s';
  return parts
    .slice(0, 2)
    .map(({ count, unit }) => `${count} ${unit}`)
    .join(' ');
}
