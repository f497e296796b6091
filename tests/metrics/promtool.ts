import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where scripts/fetch-promtool.mjs puts it: without the server that Debian's package would start. */
const OWN = fileURLToPath(new URL('../../../node_modules/.cache/promtool/usr/bin/promtool', import.meta.url));

/** What `promtool check metrics` says of a scrape; empty when all is well. */
export function checkMetrics(scrape: string): string {
  const { status, stdout, stderr, error } = spawnSync(
    existsSync(OWN) ? OWN : 'promtool',
    ['check', 'metrics'],
    { input: scrape, encoding: 'utf8' },
  );
  if (error !== undefined) throw new Error(`promtool: ${error.message}; npm test installs it`);
  return `${stdout}${stderr}${status === 0 ? '' : `\nexit status ${status}`}`.trim();
}
