const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Tells of a date (`2026-11-21`) whether a schedule of five cron fields is due on it at any hour. Undefined when the
 * fields say something that this page does not understand.
 * @param {string} schedule
 * @returns {((date: string) => boolean) | undefined}
 */
function dueDays(schedule) {
  const [, , date = '', month = '', weekday = ''] = schedule.trim().toLowerCase().split(/\s+/u);
  const dates = fieldValues(date, { from: 1, to: 31, names: [] });
  const months = fieldValues(month, { from: 1, to: 12, names: MONTH_NAMES });
  const weekdays = fieldValues(weekday, { from: 0, to: 7, names: DAY_NAMES });
  if (dates === undefined || months === undefined || weekdays === undefined) return undefined;
  // Cron's oldest oddity: when both day fields are restricted, one of them is enough.
  const either = !date.startsWith('*') && !weekday.startsWith('*');

  return function isDue(day) {
    const time = new Date(`${day}T00:00:00Z`);
    if (!months.has(time.getUTCMonth() + 1)) return false;
    const onDate = dates.has(time.getUTCDate());
    const onWeekday = weekdays.has(time.getUTCDay()) || (time.getUTCDay() === 0 && weekdays.has(7));
    return either ? onDate || onWeekday : onDate && onWeekday;
  };
}

/**
 * @typedef {{ readonly from: number, readonly to: number, readonly names: readonly string[] }} Field
 *
 * @param {string} text
 * @param {Field} field
 * @returns {Set<number> | undefined}
 */
function fieldValues(text, field) {
  const values = new Set();
  for (const part of text.split(',')) {
    const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/u.exec(part);
    if (match === null) return undefined;
    const [, first, last, step] = match;
    const start = first === undefined ? field.from : fieldNumber(first, field);
    const open = first === undefined || (last === undefined && step !== undefined);
    const end = open ? field.to : fieldNumber(last ?? first, field);
    if (start === undefined || end === undefined) return undefined;
    for (let value = start; value <= end; value += Math.max(1, Number(step ?? 1))) values.add(value);
  }
  return values;
}

/**
 * @param {string} text
 * @param {Field} field
 */
function fieldNumber(text, { from, to, names }) {
  const index = names.indexOf(text);
  const value = index === -1 ? Number(text) : index + (from === 0 ? 0 : 1);
  return Number.isInteger(value) && value >= from && value <= to ? value : undefined;
}
