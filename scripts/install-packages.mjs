// Brings node_modules in line with package-lock.json.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runQuietly } from './run-program.mjs';

const COMPILER_HINT = `sqlite3 is compiled where its ready-made binary cannot be had, and that failed.
On Debian this brings what it needs:

    apt install g++ make python3

then run the same command again.`;

/**
 * Whether node_modules holds every package of package-lock.json, in that version. Compares contents, because times
 * say nothing after a checkout or a copy.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function arePackagesInstalled(root) {
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined) return false;
  const wanted = packagesOf(join(root, 'package-lock.json')) ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

/**
 * Installs with `npm ci`.
 *
 * @param {string} root
 * @returns {Promise<{ ok: true } | { ok: false, message: string, needsCompiler: boolean }>}
 */
export async function installPackages(root) {
  const { ok, output } = await runQuietly('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    env: { ...process.env, ...localHeaders() },
    waiting: 'anchord: installing packages with `npm ci` (a minute or two, the first time only)',
  });
  if (ok) return { ok };
  const needsCompiler = /node-gyp|gyp ERR|prebuild-install/.test(output);
  const tail = output.trim().split('\n').slice(-30).join('\n');
  return {
    ok,
    needsCompiler,
    message: `${tail}\n\nanchord: \`npm ci\` failed, see above.${needsCompiler ? `\n${COMPILER_HINT}` : ''}`,
  };
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined} undefined: there is no such file
 */
function packagesOf(file) {
  if (!existsSync(file)) return undefined;
  const lock = /** @type {{ packages?: Record<string, { version?: string, optional?: boolean }> }} */ (
    JSON.parse(readFileSync(file, 'utf8'))
  );
  return lock.packages ?? {};
}

/**
 * Where this Node brought its own headers, a compile need not download them.
 *
 * @returns {Record<string, string>}
 */
function localHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? { npm_config_nodedir: prefix } : {};
}
