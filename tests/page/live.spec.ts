import { expect, test } from './page-test.ts';
import { servePage } from './page-server.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';
import { troubledStatus } from './troubled-status.ts';

const now = new Date();
const history = sampleHistory(now);

test('a page served by the daemon follows it: an event brings the new status', async ({ page, rig }) => {
  await using server = await servePage({ status: calmStatus(now), history });
  await page.goto(server.url);
  await server.listener();
  await expect(page.getByText('Live: it follows the daemon')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Everything is in order');

  server.show({ status: troubledStatus(now), history });
  server.send({ kind: 'status.published', commit: 'b7a6958473625140f3e2d1c0b9a8978675645342' });

  await expect(page.getByRole('heading', { level: 1 })).toContainText('The backup flux-backup failed');
  await expect(page.getByRole('region', { name: 'Rejected revision' })).toBeVisible();
  expect(rig.complaints).toEqual([]);
});

test('progress is shown at once, and gone when the run has ended', async ({ page }) => {
  await using server = await servePage({ status: calmStatus(now), history });
  await page.goto(server.url);
  await server.listener();
  const policy = page.locator('.policy').first();

  server.send({
    kind: 'run.progress',
    runId: 'run-1',
    policy: 'flux-local',
    progress: {
      phase: 'backup',
      percent: 42.5,
      bytesDone: 1024 ** 3,
      bytesTotal: 3 * 1024 ** 3,
      etaSeconds: 95,
    },
  });

  await expect(policy.getByRole('progressbar')).toHaveAttribute('value', '42.5');
  await expect(policy).toContainText('backup: 42 % · 1.0 GiB of 3.0 GiB · about 1 min 35 s left');
  await expect(policy.locator('header')).toContainText('running');

  const run = history.policies['flux-local']?.[0];
  if (run === undefined) throw new Error('the sample has no run');
  server.send({ kind: 'run.ended', run });

  await expect(policy.getByRole('progressbar')).toHaveCount(0);
  await expect(policy.locator('header')).toContainText('ok');
});

test('a lost daemon is unknown after some seconds, and the page comes back by itself', async ({
  page,
  rig,
}) => {
  await page.clock.install({ time: now });
  await using server = await servePage({ status: calmStatus(now), history });
  await page.goto(server.url);
  await server.listener();

  await server.stop();
  await expect(page.getByText('Connection lost: reconnecting')).toBeVisible();
  await page.clock.fastForward(15_000);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('the daemon does not answer');

  await server.start();
  await expect(async () => {
    await page.clock.fastForward(6000);
    await expect(page.getByText('Live: it follows the daemon')).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Everything is in order');
  // The browser itself reports a connection that failed; nothing else may be reported.
  rig.complaints.splice(
    0,
    rig.complaints.length,
    ...rig.complaints.filter((text) => !text.includes('net::ERR_')),
  );
});

test('a daemon that answers no question is lost, although its events still come', async ({ page, rig }) => {
  await page.clock.install({ time: now });
  await using server = await servePage({ status: calmStatus(now), history });
  await page.goto(server.url);
  await server.listener();
  await page.route('**/status.json', (route) => route.fulfill({ status: 503 }));

  await page.clock.fastForward(61_000);
  await expect(page.getByText('Connection lost: reconnecting')).toBeVisible();
  await page.clock.fastForward(15_000);

  await expect(page.getByRole('heading', { level: 1 })).toContainText('the daemon does not answer');
  rig.complaints.splice(0, rig.complaints.length, ...rig.complaints.filter((text) => !text.includes('503')));
});

test('the same page from a host without a daemon asks for nothing', async ({ page, rig }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));

  await rig.openClone({ status: calmStatus(now), history });

  await expect(page.getByText('A copy: it does not change by itself')).toBeVisible();
  expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
});
