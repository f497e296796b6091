// Brings promtool alone. Debian has it in the package of Prometheus, and installing that would start a server, and
// keep it running, on whoever's machine the tests run on.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runShown } from './run-program.mjs';

/**
 * Where promtool lies when it was fetched. tests/metrics/promtool.ts looks there, too.
 *
 * @param {string} root the repository
 * @returns {string}
 */
export function promtoolFile(root) {
  return join(root, 'node_modules/.cache/promtool/usr/bin/promtool');
}

/**
 * Downloads Debian's package and takes it apart; nothing is installed.
 *
 * @param {string} root the repository
 * @returns {Promise<boolean>} false: no apt, no such package, or it failed
 */
export async function fetchPromtool(root) {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'promtool-'));
  try {
    if (!(await download(work))) return false;
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (archive === undefined) return false;
    const parts = join(work, 'parts');
    if (!(await runShown('dpkg-deb', ['-x', join(work, archive), parts], { cwd: work }))) return false;
    rmSync(join(cache, 'promtool'), { recursive: true, force: true });
    renameSync(parts, join(cache, 'promtool'));
    return existsSync(promtoolFile(root));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} cwd where to
 * @returns {Promise<boolean>}
 */
async function download(cwd) {
  const args = ['download', '-q', 'prometheus'];
  if (await runShown('apt-get', args, { cwd })) return true;
  // A fresh machine does not know yet what there is.
  return (await runShown('apt-get', ['update', '-q'], { cwd })) && runShown('apt-get', args, { cwd });
}
