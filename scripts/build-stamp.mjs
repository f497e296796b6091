// Tells whether dist/ was built from the sources as they are now.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// What the daemon is compiled from; a compiler of another version is another dist/.
const SOURCES = ['state-schema', 'daemon', 'tsconfig.base.json', 'package-lock.json'];

/**
 * Reads the sources' fingerprint: changes with every edit, also with one that sets a file back to an older time.
 *
 * @param {string} root folder of the repository
 * @returns {string}
 */
export function sourcesFingerprint(root) {
  const hash = createHash('sha256');
  for (const name of SOURCES) {
    for (const file of filesIn(root, name)) {
      const { size, mtimeMs } = statSync(join(root, file));
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @returns {boolean}
 */
export function isBuilt(root) {
  try {
    statSync(join(root, 'dist/daemon/main.js'));
    return readFileSync(stampFile(root), 'utf8') === sourcesFingerprint(root);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Remembers what dist/ was built from.
 *
 * @param {string} root
 * @param {string} fingerprint taken before the build began, so that an edit during the build counts as not built
 */
export function writeStamp(root, fingerprint) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile(root), fingerprint);
}

/**
 * @param {string} root
 * @returns {string}
 */
function stampFile(root) {
  return join(root, 'dist/.built-from');
}

/**
 * @param {string} root
 * @param {string} path a file or folder below root
 * @returns {string[]} files, in a fixed order
 */
function filesIn(root, path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || /\.(ts|json)$/.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => filesIn(root, join(path, name)));
}

/**
 * @param {unknown} error
 * @returns {boolean}
 */
function isMissing(error) {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
