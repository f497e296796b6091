import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Status } from '../../state-schema/generated/status.ts';
import { DemoRig } from '../rig/demo-rig.ts';
import { expect, test } from './page-test.ts';

test('a push shows on the page of the running demo, and on the page of a clone of its branch', async ({
  page,
}) => {
  await using rig = await DemoRig.start();
  const { url } = await rig.anchord.event('daemon.listening');
  await rig.settled();
  await page.goto(url);
  await expect(page.getByText('Live: it follows the daemon')).toBeVisible();

  const revision = rig.clone().push({ 'hosts/motoko/photos.yaml': 'directories:\n  /space/photos: {}\n' });

  await expect(page.getByRole('heading', { level: 1 })).toContainText(revision.slice(0, 10));
  await expect(page.getByText('directory:/space/photos').first()).toBeVisible();
  const branch = rig.clone();
  // The first commit after the push may be one that was under way before it.
  await rig.until(() => {
    const { source } = JSON.parse(branch.gitAt('origin/anchord-status/motoko', 'status.json')) as Status;
    return source.applied === revision;
  });
  const clone = join(rig.dir, '..', 'status-clone');
  execFileSync('git', ['clone', '--quiet', '-b', 'anchord-status/motoko', rig.upstream, clone]);
  await page.goto(pathToFileURL(join(clone, 'index.html')).href);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(revision.slice(0, 10));
  await expect(page.getByText('flux-local').first()).toBeVisible();
});

test('the page of the demo names the line of a broken push, and forgets it when it is mended', async ({
  page,
}) => {
  await using rig = await DemoRig.start();
  const { url } = await rig.anchord.event('daemon.listening');
  await page.goto(url);
  await expect(page.getByText('Live: it follows the daemon')).toBeVisible();
  const clone = rig.clone();

  clone.push({ 'hosts/motoko/photos.yaml': 'directories:\n  /space/photos:\n    mod: "2775"\n' });

  const rejected = page.getByRole('region', { name: 'Rejected revision' });
  await expect(rejected).toContainText('hosts/motoko/photos.yaml:3:5');
  await expect(rejected).toContainText('mode');
  clone.push({ 'hosts/motoko/photos.yaml': 'directories:\n  /space/photos: {}\n' });
  await expect(rejected).toBeHidden();
  await page.goto('about:blank'); // before the daemon goes away, of which a page rightly complains
});
