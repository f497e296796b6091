// Brings promtool alone. Debian has it in the package of Prometheus, and installing that would start a server, and
// keep it running, on whoever's machine the tests run on.
import { existsSync } from 'node:fs';
import { runShown } from './run-program.mjs';
import { unpackedProgram, unpackPackage } from './unpack-package.mjs';

/**
 * Where promtool lies when it was fetched. tests/metrics/promtool.ts looks there, too.
 *
 * @param {string} root the repository
 * @returns {string}
 */
export function promtoolFile(root) {
  return unpackedProgram(root, 'promtool', 'promtool');
}

/**
 * Downloads Debian's package and takes it apart; nothing is installed.
 *
 * @param {string} root the repository
 * @returns {Promise<boolean>} false: no apt, no such package, or it failed
 */
export async function fetchPromtool(root) {
  return (await unpackPackage(root, 'promtool', download)) && existsSync(promtoolFile(root));
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
