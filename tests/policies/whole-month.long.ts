import { test } from 'node:test';
import { checkCalendar, checkRetention } from './check-calendar.ts';
import { exampleHost } from './example-host.ts';

for (const { what, month } of [
  { what: 'March, in which the clocks leap ahead', month: 2 },
  { what: 'November, in which they are set back', month: 10 },
]) {
  test(`the whole ${what}, of the example: every slot once, and what is declared is kept`, async () => {
    const year = new Date().getUTCFullYear() + 1;
    const span = {
      from: new Date(Date.UTC(year, month, 1, 16)),
      to: new Date(Date.UTC(year, month + 1, 1, 16)),
    };
    await using host = await exampleHost(span.from);

    await host.runUntil(span.to);

    await checkCalendar(host, span);
    await checkRetention(host, 'flux-local', span);
  });
}
