// Compiles the TypeScript sources to dist/. Run directly (`npm run build`) it builds everything, from nothing.
import { chmodSync, existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourcesFingerprint, writeStamp } from './build-stamp.mjs';
import { runQuietly } from './run-program.mjs';
import { withLock } from './with-lock.mjs';

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const problem = await withLock(root, () => compileAll(root));
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  }
}

/**
 * Builds everything from nothing: tests and benches too, and no output of a deleted source file stays behind.
 *
 * @param {string} root
 * @returns {Promise<string | undefined>} the compiler's messages when it failed
 */
export async function compileAll(root) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  return compile(root, []);
}

/**
 * Builds what the daemon needs, over what is there: a daemon that runs from dist/ keeps its files meanwhile.
 *
 * @param {string} root
 * @returns {Promise<string | undefined>} the compiler's messages when it failed
 */
export async function compileDaemon(root) {
  // Without its output the compiler's own record of what is up to date is wrong.
  if (!existsSync(join(root, 'dist/daemon/main.js')))
    rmSync(join(root, 'dist'), { recursive: true, force: true });
  return compile(root, ['daemon']);
}

/**
 * @param {string} root
 * @param {readonly string[]} projects
 * @returns {Promise<string | undefined>}
 */
async function compile(root, projects) {
  const fingerprint = sourcesFingerprint(root);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { ok, output } = await runQuietly(process.execPath, [tsc, '-b', ...projects], {
    cwd: root,
    waiting: 'anchord: building',
  });
  if (!ok) return `${output}anchord: the build failed, see above`;
  const main = join(root, 'dist/daemon/main.js');
  if (existsSync(main)) chmodSync(main, 0o755);
  writeStamp(root, fingerprint);
  return undefined;
}
