import { emptyHistory, sampleHistory } from './sample-history.ts';
import { expect, test } from './page-test.ts';
import { calmStatus } from './sample-status.ts';
import { before } from './sample-time.ts';
import { firstStatus, troubledStatus } from './troubled-status.ts';

const now = new Date();

test('a host in order is said to be in order, and of which revision', async ({ page, rig }) => {
  // However long it takes until the page is open.
  await page.clock.setFixedTime(now);
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /^\s*Everything is in order; the newest backup is of \d+ \w+ \d{4}, \d\d:\d\d\.\s*$/,
  );
  await expect(page.locator('.said')).toContainText(
    '2 minutes ago for revision 4f1c2a9b7d motoko: keep hourly',
  );
  await expect(page).toHaveTitle('motoko: ok · anchord');
});

test('the worst is said first, with its reason and the next step as a command', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    /The backup flux-backup failed, and volume time/,
  );
  await expect(page.locator('.reason')).toContainText('the remote refused the key');
  await expect(page.locator('.next .command')).toHaveText('anchord policy run flux-backup');
});

test('a status twice as old as expected is unknown, however green it was', async ({ page, rig }) => {
  const status = { ...calmStatus(now), generatedAt: before(now, { hours: 2, minutes: 1 }) };

  await rig.openClone({ status, history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Unknown since');
  await expect(page.locator('.reason')).toContainText('The last one said: Everything is in order');
  await expect(page.getByText('Everything below is as it was 2 hours ago.')).toBeVisible();
});

test('a page that lies open turns unknown by itself', async ({ page, rig }) => {
  await page.clock.install({ time: now });
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Everything is in order');

  await page.clock.fastForward('02:00:00');

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Unknown since');
});

test('a policy past its time is overdue, whatever was written of it', async ({ page, rig }) => {
  const calm = calmStatus(now);
  const policies = calm.policies.map((policy) =>
    policy.name === 'flux-backup' ? { ...policy, overdueAfter: before(now, { minutes: 5 }) } : policy,
  );

  await rig.openClone({ status: { ...calm, policies }, history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toContainText('flux-backup is overdue.');
  await expect(page.locator('.policy').nth(1).locator('header')).toContainText('overdue');
});

test('a failure is not hidden by something overdue', async ({ page, rig }) => {
  const troubled = troubledStatus(now);
  const policies = troubled.policies.map((policy) => ({
    ...policy,
    overdueAfter: before(now, { minutes: 5 }),
  }));

  await rig.openClone({ status: { ...troubled, policies }, history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toContainText('The backup flux-backup failed');
});

test('a daemon that has just started shows no empty shells', async ({ page, rig }) => {
  await rig.openClone({ status: firstStatus(now), history: emptyHistory() });

  await expect(page.getByRole('heading', { level: 1 })).toContainText('has just started');
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Conditions', 'Source', 'Audit']);
});

test('a page without its data says so', async ({ page, rig }) => {
  await page.route('**/data.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));

  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Nothing is known about this host.');
});

test('without JavaScript the page points to the texts beside it', async ({ browser, page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });
  await using context = await browser.newContext({ javaScriptEnabled: false });
  const silent = await context.newPage();

  await silent.goto(page.url());

  await expect(silent.getByRole('link', { name: 'README.md' })).toBeVisible();
  await expect(silent.locator('.verdict:visible')).toHaveCount(1);
});
