import { rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import {
  test as base,
  expect,
  type Page,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test';
import type { PageData } from '../../daemon/page/data-script.ts';
import { pageFolder } from './page-folder.ts';

/** What every spec of the page gets. */
export interface PageRig {
  /** Opens the page from a folder that looks like a clone of the status branch. */
  openClone(data: Omit<PageData, 'live'>): Promise<void>;
  /** What the browser complained of since the page was opened: a spec that expects a complaint takes it out. */
  readonly complaints: string[];
}

/** A test of the page that fails when the browser complains: console, exception, violation of the policy. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & { readonly rig: PageRig },
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
> = base.extend<{ readonly rig: PageRig }>({
  rig: [
    async ({ page }, use) => {
      const complaints = await listenForComplaints(page);
      const folders: string[] = [];

      await use({
        complaints,
        async openClone(data) {
          const folder = await pageFolder({ ...data, live: false });
          folders.push(folder);
          await page.goto(pathToFileURL(`${folder}/index.html`).href);
        },
      });

      // A short test can end while the page still loads: its files may go only after it.
      await page.close();
      for (const folder of folders) await rm(folder, { recursive: true });
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

async function listenForComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  await page.exposeFunction('reportViolation', (what: string) => complaints.push(`policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { reportViolation } = window as unknown as { reportViolation: (what: string) => void };
      reportViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return complaints;
}

export { expect } from '@playwright/test';
