const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Five cron fields in words where they are simple, otherwise as they are.
 * @param {string} schedule
 */
function saySchedule(schedule) {
  const [minute = '', hour = '', date, month, weekday = ''] = schedule.trim().split(/\s+/u);
  if (schedule.trim() === '* * * * *') return 'every minute';
  if (date !== '*' || month !== '*' || !/^\d+$/u.test(minute)) return schedule;
  const past = minute.padStart(2, '0');
  if (hour === '*' && weekday === '*') return `every hour at :${past}`;
  const days = sayWeekday(weekday);
  if (!/^\d+$/u.test(hour) || days === undefined) return schedule;
  return `every ${days} at ${hour.padStart(2, '0')}:${past}`;
}

/** @param {string} weekday */
function sayWeekday(weekday) {
  if (weekday === '*') return 'day';
  return /^[0-7]$/u.test(weekday) ? WEEKDAYS[Number(weekday) % 7] : undefined;
}
