import { visibleText } from '../../daemon/page/visible-text.ts';
import { HOSTILE, hostileHistory, hostileStatus } from './hostile-status.ts';
import { expect, test } from './page-test.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';

const now = new Date();

test('names that hold markup, scripts or expressions are only text', async ({ page, rig }) => {
  await rig.openClone({ status: hostileStatus(now), history: hostileHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toContainText(HOSTILE.script);
  await expect(page.locator('.policy h3').first()).toContainText(HOSTILE.html);
  await expect(page.locator('body img, body script')).toHaveCount(0);
  await expect(page).toHaveTitle(`${HOSTILE.html}: failed · anchord`);
});

test('characters that hide, turn or break a line are shown', async ({ page, rig }) => {
  await rig.openClone({ status: hostileStatus(now), history: hostileHistory(now) });

  await expect(page.locator('.policy h3').nth(3)).toContainText('photos⟨U+202E⟩gpj.exe');
  await expect(page.locator('.verdict .reason')).toHaveText('two⟨U+000A⟩lines⟨U+2028⟩and⟨U+0007⟩bell');
});

test('hostile and long names do not make the page wider than a phone', async ({ page, rig }) => {
  await page.setViewportSize({ width: 320, height: 800 });

  await rig.openClone({ status: hostileStatus(now), history: hostileHistory(now) });

  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('the page and the README show the same characters', async ({ page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });
  const all = Array.from({ length: 0x1_00_00 }, (_, code) => `x${String.fromCharCode(code)}x`).join('');

  const shown = await page.evaluate((text) => {
    const page = window as unknown as { visibleText: (text: string) => string };
    return page.visibleText(JSON.parse(text) as string);
  }, JSON.stringify(all));

  expect(shown === visibleText(all)).toBe(true);
});
