import { sampleHistory } from './sample-history.ts';
import { expect, test } from './page-test.ts';
import { calmStatus } from './sample-status.ts';
import { troubledStatus } from './troubled-status.ts';

const now = new Date();

test('problems of a rejected revision stand with file, line and column', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  const problems = page.getByRole('region', { name: 'Rejected revision' });
  await expect(problems).toContainText('Revision 9e8d7c6b5a has 2 problems, so nothing of it was applied.');
  await expect(problems).toContainText('Revision 4f1c2a9b7d stays in force.');
  await expect(problems.getByRole('listitem').first()).toContainText('hosts/motoko/policies.yaml:14:5');
  await expect(problems.getByRole('listitem').first()).toContainText('unknown key shedule in policy');
});

test('conditions that need a look stand open, the others are folded away', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  const conditions = page.getByRole('region', { name: 'Conditions' });
  await expect(conditions.locator('.conditions li strong')).toHaveText([
    'Ready',
    'Stalled',
    'VolumesGuarded',
    'BackupsCurrent',
    'Proved',
  ]);
  await conditions.getByText('8 conditions need no attention').click();
  await expect(conditions.getByRole('rowheader', { name: 'Drifted' })).toBeVisible();
});

test('a volume says whether it is guarded and how full it is', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  const volumes = page.getByRole('region', { name: 'Volumes' });
  await expect(volumes.getByRole('row', { name: 'flux' })).toContainText(
    '717 GiB free of 1.8 TiB, 61 % full',
  );
  await expect(volumes.getByRole('row', { name: 'time' })).toContainText('Nothing is mounted at /time');
});

test('volumes on one physical disk say that they fail together', async ({ page, rig }) => {
  const calm = calmStatus(now);
  const disks = ['WD Red (sda)', 'Seagate (sdb) + WD Red (sda)', 'Seagate (sdb)'];
  const volumes = calm.volumes.map((volume, index) => ({ ...volume, disk: disks[index] ?? '' }));
  await rig.openClone({ status: { ...calm, volumes }, history: sampleHistory(now) });

  const rows = page.getByRole('region', { name: 'Volumes' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('fails together with space');
  await expect(rows.nth(2)).toContainText('fails together with flux, time');
});

test('a strip says every day in words, and its table says more', async ({ page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  const policy = page.locator('.policy').nth(1);
  await expect(policy.locator('.strip li')).toHaveCount(30);
  await expect(policy.locator('figcaption')).toHaveText(
    /^Last 30 days: 2\d ok, 1 partial, 1 failed, 1 overdue/,
  );
  await expect(policy.locator('.strip')).toContainText(/\w{3},? \d+ \w{3}: partial, 1 run/);
  await policy.getByText('Day by day').click();
  await expect(policy.getByRole('row', { name: /failed/ })).toContainText(
    'It took longer than 6 h and was stopped',
  );
});

test('the schedule, the last and the next run of a policy stand in words', async ({ page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  const policy = page.locator('.policy').first();
  await expect(policy).toContainText('every hour at :00');
  await expect(policy).toContainText('ok · took 1 min · 48,211 files · 70.0 MiB added');
  await expect(policy).toContainText('24 hourly and 7 daily snapshots');
  await expect(policy.locator('time').first()).toHaveAttribute('datetime', /Z$/);
});

test('a policy that is not carried out stands last and pretends nothing', async ({ page, rig }) => {
  const calm = calmStatus(now);

  await rig.openClone({
    status: { ...calm, policies: calm.policies.toReversed() },
    history: sampleHistory(now),
  });

  await expect(page.locator('.policy .name')).toHaveText(['flux-backup', 'flux-local', 'space-mirror']);
  await expect(
    page.locator('.policy').last().locator('.strip, .facts').filter({ visible: true }),
  ).toHaveCount(0);
});

test('resources out of sync stand first and can be filtered by state and text', async ({ page, rig }) => {
  await rig.openClone({ status: troubledStatus(now), history: sampleHistory(now) });

  const resources = page.getByRole('region', { name: 'Resources' });
  await expect(resources.getByRole('rowheader').first()).toHaveText('volume:time');
  await resources.getByRole('button', { name: /^waiting 2/ }).click();
  await expect(resources.getByRole('rowheader')).toHaveText([
    'directory:/time/tm',
    'directory:/time/tm/quota',
  ]);
  await resources.getByRole('button', { name: /^all/ }).click();
  await resources.getByRole('searchbox').fill('DATASETS');
  await expect(resources.getByRole('rowheader')).toHaveText(['directory:/space/datasets']);
  await resources.getByRole('searchbox').fill('nothing of that name');
  await expect(resources.getByRole('status')).toContainText('Showing 0 of 0 matching resources.');
});

test('a long list of resources is shown on request', async ({ page, rig }) => {
  const calm = calmStatus(now);
  const items = Array.from({ length: 900 }, (_, index) => ({
    id: `directory:/flux/${index}`,
    kind: 'directory' as const,
    state: 'in-sync' as const,
    since: calm.generatedAt,
  }));
  await rig.openClone({
    status: { ...calm, resources: { counts: { 'in-sync': 1900 }, items, omitted: 1000 } },
    history: sampleHistory(now),
  });

  const resources = page.getByRole('region', { name: 'Resources' });
  await expect(resources.getByRole('status')).toContainText('1,000 more resources are not listed.');
  await resources.getByRole('button', { name: 'Show all' }).click();
  await expect(resources.getByRole('rowheader')).toHaveCount(900);
});

test('what is declared but not carried out is named', async ({ page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  await expect(page.getByRole('region', { name: 'Declared, not done yet' })).toContainText(
    'policy space-mirror (mirror)',
  );
});

test('commits and passes are listed, the applied one marked', async ({ page, rig }) => {
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  const source = page.getByRole('region', { name: 'Source', exact: true });
  await expect(source.getByRole('listitem').first()).toContainText('applied');
  await expect(source).toContainText('The newest commit, 4f1c2a9b7d, is applied.');
  await expect(page.getByRole('region', { name: 'Passes' })).toContainText(
    '1 repaired · directory:/flux/active had mode 0755',
  );
});

test('the last line of the audit is shown with its age, and whether the chain is whole', async ({
  page,
  rig,
}) => {
  // However long it takes until the page is open.
  await page.clock.setFixedTime(now);
  await rig.openClone({ status: calmStatus(now), history: sampleHistory(now) });

  const audit = page.getByRole('region', { name: 'Audit' });
  await expect(audit).toContainText('whole');
  await expect(audit).toContainText(
    'Line 1204 of audit/host/, written 60 minutes ago, has the SHA-256 c0ffee0000000000…',
  );
});
