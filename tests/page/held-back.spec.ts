import type { Status } from '../../state-schema/generated/status.ts';
import { sampleHistory } from './sample-history.ts';
import { expect, test } from './page-test.ts';
import { REJECTED_REVISION, REVISION } from './sample-source.ts';
import { calmStatus } from './sample-status.ts';
import { before } from './sample-time.ts';

const now = new Date();
const history = sampleHistory(now);

test('who signed the revision in force stands with its source', async ({ page, rig }) => {
  await rig.openClone({ status: signed(), history });

  const source = page.getByRole('region', { name: 'Source', exact: true });
  await expect(source).toContainText(
    '4f1c2a9b7d signed by anna@example.org, SSH key SHA256:V31vfoFyMI7IgM5mjxK1',
  );
  await expect(page.getByRole('region', { name: 'Held back' })).toBeHidden();
});

test('a commit without a good signature stands with its author, its subject and why', async ({
  page,
  rig,
}) => {
  await rig.openClone({ status: unsigned(), history });

  const held = page.getByRole('region', { name: 'Held back' });
  await expect(held).toContainText(`The host is as ${REVISION.slice(0, 10)} says.`);
  await expect(held.getByRole('listitem')).toContainText(REJECTED_REVISION.slice(0, 10));
  await expect(held.getByRole('listitem')).toContainText('open the door for <b>everybody</b>');
  await expect(held.getByRole('listitem')).toContainText('refused');
  await expect(held.getByRole('listitem')).toContainText(
    'Not signed. 2 more commits of the revision likewise.',
  );
  await expect(held.getByRole('listitem')).toContainText('Mallory');
});

test('a revision in quarantine says what of it could not be carried out', async ({ page, rig }) => {
  await rig.openClone({ status: rolledBack(), history });

  const held = page.getByRole('region', { name: 'Held back' });
  await expect(held.getByRole('listitem')).toContainText('in quarantine');
  await expect(held.getByRole('listitem')).toContainText('/flux/active is a file, expected a directory');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('went back to');
});

test('a hostile author makes neither markup nor the page wider', async ({ page, rig }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  const status = unsigned();
  const refused = { ...status.source.refused, author: 'M'.repeat(200), subject: 'x'.repeat(200) };
  await rig.openClone({
    status: { ...status, source: { ...status.source, refused } as Status['source'] },
    history,
  });

  await expect(page.getByRole('region', { name: 'Held back' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

function signed(): Status {
  const calm = calmStatus(now);
  const verified = {
    revision: REVISION,
    method: 'ssh' as const,
    by: 'anna@example.org',
    key: 'SHA256:V31vfoFyMI7IgM5mjxK1JqCBnB5KIEU29cQfHu8cKUU',
  };
  return { ...calm, source: { ...calm.source, verified } };
}

function unsigned(): Status {
  const status = signed();
  const refused = {
    sha: REJECTED_REVISION,
    subject: 'open the door for <b>everybody</b>',
    author: 'Mallory',
    time: before(now, { hours: 1 }),
    reason: 'NotSigned' as const,
    others: 2,
  };
  return {
    ...status,
    summary: {
      level: 'failed',
      sentence: `motoko did not accept revision 9e8d7c6b5a: commit 9e8d7c6b5a by “Mallory” is not signed; ${REVISION.slice(0, 10)} goes on.`,
      reason: 'commit 9e8d7c6b5a (open the door for <b>everybody</b>) by Mallory is not signed',
      next: 'look at it; if it is right, sign it, if not, take it out, and git push --force',
    },
    source: { ...status.source, observed: REJECTED_REVISION, attempted: REJECTED_REVISION, refused },
  };
}

function rolledBack(): Status {
  const status = signed();
  const quarantined = [
    {
      revision: REJECTED_REVISION,
      reason: 'ResourcesFailed' as const,
      message: '/flux/active is a file, expected a directory',
      since: before(now, { minutes: 12 }),
    },
  ];
  return {
    ...status,
    summary: {
      level: 'failed',
      sentence: `motoko went back to ${REVISION.slice(0, 10)}: revision 9e8d7c6b5a could not be carried out.`,
      reason: '/flux/active is a file, expected a directory',
      next: 'push a commit that mends it, or mend its cause here, then: anchord apply',
    },
    source: { ...status.source, observed: REJECTED_REVISION, attempted: REJECTED_REVISION, quarantined },
  };
}
