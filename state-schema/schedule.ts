import parser from 'cron-parser';

const FIELDS = [
  { name: 'minute', span: 60 },
  { name: 'hour', span: 24 },
  { name: 'day of month', span: 31 },
  { name: 'month', span: 12 },
  { name: 'day of week', span: 7 },
];

/**
 * Says what is wrong with a schedule, or nothing when it is exactly five plain cron fields that come true some day.
 * Plain: numbers, names of months and days, `*`, lists, ranges and steps; no `@daily`, `L`, `W`, `#` or `?`.
 */
export function checkCron(schedule: string): string | undefined {
  const fields = schedule.split(' ');
  if (fields.length !== FIELDS.length || fields.includes('')) {
    return 'exactly five fields with one space between them are needed: minute, hour, day of month, month, day of week';
  }
  for (const [index, { name, span }] of FIELDS.entries()) {
    const fault = checkField(fields[index] ?? '', span);
    if (fault !== undefined) return `the ${name} ${fault}`;
  }
  try {
    // Any fixed moment will do: a schedule that never comes true fails from each of them.
    parser.parseExpression(schedule, { tz: 'UTC', currentDate: new Date(0) }).next();
    return undefined;
  } catch (error) {
    return explain(error);
  }
}

/** Says what is wrong with a time zone, or nothing when it is one of the IANA database, in its own spelling. */
export function checkTimezone(timezone: string): string | undefined {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
    // Programs look a zone up as a file name, where small and capital letters differ.
    const misspelt = known !== timezone && known.toLowerCase() === timezone.toLowerCase();
    return misspelt ? `it is written ${known}` : undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'the IANA database has no such zone';
    throw error;
  }
}

function checkField(field: string, span: number): string | undefined {
  if (!/^[0-9A-Za-z*,/-]+$/.test(field) || /^(?:L|[0-9]+[LW])$/i.test(field)) {
    return `${JSON.stringify(field)} is not made of numbers, names, *, lists, ranges and steps`;
  }
  for (const [, step] of field.matchAll(/\/([0-9]+)/g)) {
    if (Number(step) >= span)
      return `step /${step} is longer than the whole field: a step starts anew at each full turn`;
  }
  return undefined;
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/loop limit|explicit day of month/i.test(message)) return 'there is no such day in any year';
  const [, value, range] = /got value (\S+) expected range (\S+)/.exec(message) ?? [];
  if (value !== undefined && range !== undefined) return `${value} stands where only ${range} may`;
  return `cron does not read it so (${message})`;
}
