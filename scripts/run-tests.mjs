// Runs the built tests. `node scripts/run-tests.mjs [long] [NAME…]`: `long` takes the slow ones (*.long.ts) instead,
// names take only files whose path contains one of them. ANCHORD_TEST_FILES_AT_ONCE and ANCHORD_TEST_FILE_MS set how many
// files run at once, and after how many milliseconds one is ended.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTestFile } from './run-test-file.mjs';
import { isFailed, isUnsteady, lastWords, triedAgain } from './test-verdict.mjs';

/** @import { FileRun, FileTries } from './test-verdict.mjs' */

// Most tests wait for daemons and restic most of the time, and a few keep a core busy.
const FILES_AT_ONCE = Number(
  process.env['ANCHORD_TEST_FILES_AT_ONCE'] ?? Math.min(16, Math.max(4, 2 * availableParallelism())),
);
/** A file of tests that hangs is ended and named, instead of holding up all that wait for the result. */
const LONGEST_FILE_MS = Number(process.env['ANCHORD_TEST_FILE_MS'] ?? 15 * 60_000);
const MARKS = { pass: '✔', fail: '✖', skip: '﹣', note: 'ℹ' };

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const names = process.argv.slice(2);
const isLong = names[0] === 'long';
if (isLong) names.shift();
// Whoever runs the tests may have any; files that a test means others to read must be readable.
process.umask(0o022);
// At the end of this process its tests end with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    console.error(`the tests were ended by ${signal}`);
    process.exit(1);
  });

const files = existsSync(join(dist, 'tests')) ? testFiles(isLong ? '.long.js' : '.test.js') : [];
if (files.length === 0) {
  console.error(
    names.length > 0 ? `no test file matches ${names.join(' ')}` : 'no built tests: run npm run build',
  );
  process.exitCode = 1;
} else {
  process.exitCode = await runAll();
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

/** @returns {Promise<number>} exit status */
async function runAll() {
  const begin = performance.now();
  const first = await runTogether();
  /** @type {Map<string, FileRun>} */
  const second = new Map();
  for (const { file } of isLong ? [] : triedAgain(first)) {
    console.log(`\nonce more, alone: ${file}`);
    second.set(file, report(await runTestFile(file, { cwd: dist, mostMs: LONGEST_FILE_MS })));
  }
  const all = first.map((run) => /** @type {FileTries} */ ([run, second.get(run.file)]));
  const results = join(dist, 'test-results.json');
  writeFileSync(results, `${JSON.stringify(all)}\n`);
  const tests = first.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind !== 'note');
  const counts = [
    `${tests.length} tests in ${all.length} files`,
    `${all.filter(isFailed).length} files failed`,
    `${all.filter(isUnsteady).length} unsteady`,
    `${Math.round((performance.now() - begin) / 1000)} s`,
  ];
  console.log(`\n${counts.join(', ')}; all results: ${relative(process.cwd(), results)}`);
  const last = lastWords(all);
  if (last !== '') console.log(`\n${last}`);
  return all.some(isFailed) ? 1 : 0;
}

/** @returns {Promise<readonly FileRun[]>} in the order of their names */
async function runTogether() {
  const waiting = [...files];
  /** @type {FileRun[]} */
  const runs = [];
  async function work() {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      runs.push(report(await runTestFile(file, { cwd: dist, mostMs: isLong ? undefined : LONGEST_FILE_MS })));
  }
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return runs.toSorted((one, other) => (one.file < other.file ? -1 : 1));
}

/**
 * @param {FileRun} run
 * @returns {FileRun}
 */
function report(run) {
  console.log(`\n${run.file}: ${run.end}, ${(run.ms / 1000).toFixed(1)} s`);
  for (const one of run.outcomes) {
    const time = one.ms === undefined ? '' : ` (${one.ms} ms)`;
    const reason = one.kind === 'skip' ? ` # ${one.reason}` : '';
    console.log(`${'  '.repeat(one.nesting + 1)}${MARKS[one.kind]} ${one.name}${time}${reason}`);
    if (one.kind === 'fail') console.log(one.error);
  }
  if (run.end !== 'passed' && run.said.trim() !== '') console.log(run.said.trim());
  return run;
}
