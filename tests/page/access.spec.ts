import { lowContrast } from './contrast.ts';
import { expect, test } from './page-test.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';
import { before } from './sample-time.ts';
import { troubledStatus } from './troubled-status.ts';

const now = new Date();
const samples = {
  'a host in order': calmStatus(now),
  'a host in trouble': troubledStatus(now),
  'a stale status': { ...calmStatus(now), generatedAt: before(now, { hours: 9 }) },
};

for (const [name, status] of Object.entries(samples)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name} is readable in ${colorScheme}: every text has a contrast of 4.5 to 1`, async ({
      page,
      rig,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await rig.openClone({ status, history: sampleHistory(now) });
      for (const summary of await page.locator('summary:visible').all()) await summary.click();

      expect(await lowContrast(page, 4.5)).toEqual([]);
    });
  }

  test(`${name} fits 320 pixels without scrolling sideways`, async ({ page, rig }) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await rig.openClone({ status, history: sampleHistory(now) });
    for (const summary of await page.locator('summary:visible').all()) await summary.click();

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
}

test('the keyboard reaches everything that can be used, and shows where it is', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });
  const usable = await page.locator('a:visible, button:visible, input:visible, summary:visible').count();

  const seen = new Set<string>();
  for (let press = 0; press < usable; press += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement ?? document.body;
      const all = [...document.querySelectorAll('*')];
      return { index: all.indexOf(element), outline: getComputedStyle(element).outlineStyle };
    });
    expect(focused.outline).toBe('solid');
    seen.add(String(focused.index));
  }

  expect(seen.size).toBe(usable);
});

test('the first stop of the keyboard leads past the head', async ({ page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport();
  await page.keyboard.press('Enter');

  await expect(page.locator('main')).toBeFocused();
});

test('everything that can be pressed is at least 24 pixels high', async ({ page, rig }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  const small = await page
    .locator('main :is(button, input, summary):visible, footer a')
    .evaluateAll((elements) =>
      elements
        .filter((element) => element.getBoundingClientRect().height < 24)
        .map((element) => element.outerHTML),
    );

  expect(small).toEqual([]);
});

test('the sentence is announced, and only when it changes', async ({ page, rig }) => {
  await page.clock.install({ time: now });
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });
  const sentence = page.getByRole('status').first();
  const said = await sentence.textContent();

  await page.clock.fastForward('00:20:00');

  await expect(page.locator('.said')).toContainText(/2[2-5] minutes ago/);
  expect(await sentence.textContent()).toBe(said);
});

test('a reader who hears the page is told the level that others see as an icon', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^\s*failed: The backup/);
});
