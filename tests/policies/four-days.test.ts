import { test } from 'node:test';
import { checkCalendar, checkRetention } from './check-calendar.ts';
import { exampleHost } from './example-host.ts';

const DAY_MS = 24 * 3_600_000;

test('four days of the example over the night when the clocks are set back: every slot once, and what is declared is kept', async () => {
  const from = fridayBeforeLongNight(new Date().getUTCFullYear() + 1);
  const span = { from, to: new Date(from.getTime() + 4 * DAY_MS) };
  await using host = await exampleHost(from);

  await host.runUntil(span.to);

  await checkCalendar(host, span);
  await checkRetention(host, 'flux-local', span);
});

/** Noon in New York, before the weekend on which its clocks are set back: that with the first Sunday of November. */
function fridayBeforeLongNight(year: number): Date {
  const first = new Date(Date.UTC(year, 10, 1));
  const sunday = 1 + ((7 - first.getUTCDay()) % 7);
  return new Date(Date.UTC(year, 10, sunday - 2, 16));
}
