// Runs the built tests. `node scripts/run-tests.mjs [long] [NAME…]`: `long` takes the slow ones (*.long.ts) instead,
// names take only files whose path contains one of them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONCURRENT_FILES = 4;
/** A file of tests that hangs is ended and named, instead of holding up all that wait for the result. Milliseconds. */
const LONGEST_FILE_MS = 12 * 60_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const names = process.argv.slice(2);
const long = names[0] === 'long';
if (long) names.shift();

const files = existsSync(join(dist, 'tests')) ? testFiles(long ? '.long.js' : '.test.js') : [];
if (files.length === 0) {
  console.error(
    names.length > 0 ? `no test file matches ${names.join(' ')}` : 'no built tests: run npm run build',
  );
  process.exitCode = 1;
} else {
  process.exitCode = runFiles(files);
}

/**
 * @param {string} ending
 * @returns {string[]} paths relative to dist/
 */
function testFiles(ending) {
  return readdirSync(join(dist, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .map((file) => join('tests', file))
    .sort();
}

/**
 * @param {readonly string[]} testFiles
 * @returns {number} exit status
 */
function runFiles(testFiles) {
  // A second report for check.mjs, which names what was skipped.
  const results = join(dist, 'test-results.tap');
  mkdirSync(dist, { recursive: true });
  const { status } = spawnSync(
    process.execPath,
    [
      '--enable-source-maps',
      '--test',
      `--test-concurrency=${CONCURRENT_FILES}`,
      ...(long ? [] : [`--test-timeout=${LONGEST_FILE_MS}`]),
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${results}`,
      ...testFiles,
    ],
    { cwd: dist, stdio: 'inherit' },
  );
  if (status !== 0) console.error(`test results: ${relative(process.cwd(), results)}`);
  return status ?? 1;
}
