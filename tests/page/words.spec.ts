import { expect, test } from './page-test.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';

const now = new Date();

/** The page's own words, as its scripts define them. */
interface Words {
  dueDays(schedule: string): ((date: string) => boolean) | undefined;
  saySchedule(schedule: string): string;
  sayAgo(iso: string, now: number): string;
  sayDuration(seconds: number): string;
  sayBytes(bytes: number): string;
  commandParts(text: string): readonly { readonly text: string; readonly look: string }[];
}

test.beforeEach(async ({ rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });
});

const DUE: readonly (readonly [schedule: string, date: string, isDue: boolean])[] = [
  ['0 5 * * *', '2026-11-21', true],
  ['0 8 * * 0', '2026-11-22', true],
  ['0 8 * * 7', '2026-11-22', true],
  ['0 8 * * sun', '2026-11-22', true],
  ['0 8 * * 1-5', '2026-11-21', false],
  ['0 8 1 * *', '2026-12-01', true],
  ['0 8 1,15 * *', '2026-11-14', false],
  ['0 8 */2 * *', '2026-11-21', true],
  ['0 8 * dec *', '2026-11-21', false],
  ['0 8 13 * 5', '2026-11-13', true],
  ['0 8 13 * 5', '2026-11-20', true],
  ['0 8 13 * 5', '2026-11-21', false],
];

test('which days a schedule is due on is worked out as cron does', async ({ page }) => {
  const found = await page.evaluate(
    (cases) =>
      cases.map(
        ([schedule, date]) =>
          [schedule, date, (window as unknown as Words).dueDays(schedule)?.(date)] as const,
      ),
    DUE,
  );

  expect(found).toEqual(DUE);
});

test('a schedule that the page does not understand makes no day overdue', async ({ page }) => {
  expect(await page.evaluate(() => (window as unknown as Words).dueDays('0 8 L * *'))).toBeUndefined();
});

test('schedules, times and amounts are said as a person would', async ({ page }) => {
  const said = await page.evaluate(() => {
    const words = window as unknown as Words;
    const noon = Date.parse('2026-11-21T12:00:00Z');
    return {
      minutely: words.saySchedule('* * * * *'),
      hourly: words.saySchedule('5 * * * *'),
      weekly: words.saySchedule('0 8 * * 0'),
      odd: words.saySchedule('*/10 1-5 * * *'),
      ago: words.sayAgo('2026-11-21T09:00:00Z', noon),
      soon: words.sayAgo('2026-11-21T12:20:00Z', noon),
      now: words.sayAgo('2026-11-21T11:59:50Z', noon),
      nonsense: words.sayAgo('yesterday', noon),
      long: words.sayDuration(93_784),
      none: words.sayDuration(0.2),
      bytes: [0, 1023, 1024, 1_500_000, 5 * 1024 ** 4].map((amount) => words.sayBytes(amount)),
    };
  });

  expect(said).toEqual({
    minutely: 'every minute',
    hourly: 'every hour at :05',
    weekly: 'every Sunday at 08:00',
    odd: '*/10 1-5 * * *',
    ago: '3 hours ago',
    soon: 'in 20 minutes',
    now: 'just now',
    nonsense: 'yesterday',
    long: '1 d 2 h',
    none: '0 s',
    bytes: ['0 bytes', '1023 bytes', '1.0 KiB', '1.4 MiB', '5.0 TiB'],
  });
});

test('a next step that is a command is shown as one', async ({ page }) => {
  const looks = await page.evaluate(() => {
    const words = window as unknown as Words;
    return ['anchord volume adopt time', 'mend the lines below', 'run `anchord status` again'].map((text) =>
      words.commandParts(text).map((part) => part.look),
    );
  });

  expect(looks).toEqual([['command'], ['words'], ['words', 'command', 'words']]);
});
