// `npm run check`: everything that must hold before a change is merged, cheapest first, ending at the first failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flakyOf } from './page-verdict.mjs';
import { skippedOf, unsteadyOf } from './test-verdict.mjs';

/** @import { FileTries } from './test-verdict.mjs' */
/** @import { PageReport } from './page-verdict.mjs' */

const root = fileURLToPath(new URL('..', import.meta.url));
const PAGE_RESULTS = join(root, 'dist/page-results.json');

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {readonly string[]} command
 * @property {string} [wayOut] what to do when it fails
 * @property {string} [unless] why the step is left out, when it is
 * @property {Record<string, string>} [env]
 * @property {() => readonly string[]} [skips] what the step left out, asked after it ran
 * @property {() => readonly string[]} [unsteady] what passed only on its second try
 */

/** @type {readonly Step[]} */
const STEPS = [
  { title: 'format', command: [bin('oxfmt'), '--check'], wayOut: 'run: npx oxfmt' },
  {
    title: 'lint',
    command: ['npm', 'run', '-s', 'lint'],
    wayOut: 'mend what is named above; a suppression carries its reason after --',
  },
  { title: 'types and build', command: [process.execPath, 'scripts/build.mjs'] },
  {
    title: 'generated types are those of the schemas',
    command: [process.execPath, 'scripts/generate.mjs', '--check'],
    wayOut: 'run: npm run generate',
  },
  {
    title: 'vendored files are those of their packages',
    command: [process.execPath, 'scripts/vendor.mjs', '--check'],
    wayOut: 'run: node scripts/vendor.mjs',
    ...(existsSync(join(root, 'scripts/vendor.mjs')) ? {} : { unless: 'nothing is vendored yet' }),
  },
  {
    title: 'tests',
    command: [process.execPath, 'scripts/run-tests.mjs'],
    skips: () => skippedOf(testResults()),
    unsteady: () => unsteadyOf(testResults()),
  },
  {
    title: 'the page in a browser',
    command: [bin('playwright'), 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: PAGE_RESULTS },
    skips: skippedPageTests,
    unsteady: () => flakyOf(pageReport()),
    ...(hasPageTests() ? {} : { unless: 'there are no specs in tests/page yet' }),
  },
];

const started = performance.now();
const before = treeState();
const skipped = [];
const unsteady = [];
let failed = false;

for (const step of STEPS) {
  if (step.unless !== undefined) {
    skipped.push(`${step.title}: ${step.unless}`);
    continue;
  }
  failed = !runStep(step);
  skipped.push(...(step.skips?.() ?? []));
  unsteady.push(...(step.unsteady?.() ?? []));
  if (failed) break;
}
if (!failed && treeState() !== before) {
  failed = true;
  console.error('\nthe checks changed files of the working tree (git status); a check may only read');
}

// After a failure its words, which stand right above, are to be the last: only the end of a log is sure to be read.
if (!failed) {
  list('skipped', skipped);
  list('unsteady, passed on the second try, and a fault to mend', unsteady);
}
console.log(`\n${failed ? 'FAILED' : 'all good'} after ${seconds(started)}`);
if (failed) process.exitCode = 1;

/**
 * @param {Step} step
 * @returns {boolean}
 */
function runStep({ title, command, wayOut, env = {} }) {
  const [program = '', ...args] = command;
  const begin = performance.now();
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 90 - title.length))}`);
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  const ok = result.status === 0;
  console.log(`── ${title}: ${ok ? 'ok' : 'FAILED'}, ${seconds(begin)}`);
  if (!ok) console.error(`\n${result.error?.message ?? ''}${wayOut ?? 'see above'}`);
  return ok;
}

/**
 * A digest of everything that differs from the last commit. Compared before and after: a developer's own
 * uncommitted work is not a fault.
 *
 * @returns {string}
 */
function treeState() {
  if (!existsSync(join(root, '.git'))) return 'no repository';
  const hash = createHash('sha256');
  hash.update(git('status', '--porcelain', '-z', '--untracked-files=all')).update(git('diff', 'HEAD'));
  for (const file of git('ls-files', '-z', '--others', '--exclude-standard').split('\0')) {
    if (file !== '') hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string[]} args
 * @returns {string}
 */
function git(...args) {
  return execFileSync('git', ['-c', `safe.directory=${root.replace(/\/$/, '')}`, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
}

/**
 * @param {string} title
 * @param {readonly string[]} lines
 */
function list(title, lines) {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.map((each) => `  - ${each}`).join('\n')}`);
}

/** @returns {readonly FileTries[]} */
function testResults() {
  const file = join(root, 'dist/test-results.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** @returns {PageReport} */
function pageReport() {
  return existsSync(PAGE_RESULTS) ? JSON.parse(readFileSync(PAGE_RESULTS, 'utf8')) : {};
}

/** @returns {readonly string[]} */
function skippedPageTests() {
  const count = pageReport().stats?.skipped ?? 0;
  return count === 0 ? [] : [`the page in a browser: ${count} tests, named with "-" above`];
}

/** @returns {boolean} */
function hasPageTests() {
  const folder = join(root, 'tests/page');
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((file) => /\.spec\.m?[jt]s$/.test(String(file)))
  );
}

/**
 * @param {string} name
 * @returns {string}
 */
function bin(name) {
  return join(root, 'node_modules/.bin', name);
}

/**
 * @param {number} begin
 * @returns {string}
 */
function seconds(begin) {
  return `${((performance.now() - begin) / 1000).toFixed(1)} s`;
}
