// Runs one built file of tests in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @import { FileRun, TestOutcome } from './test-verdict.mjs' */

const REPORTER = new URL('test-reporter.mjs', import.meta.url).href;
/** Of what a file prints, its end says why it failed. Characters. */
const MOST_SAID = 20_000;
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => {
  for (const child of running) endGroup(child);
});

/**
 * @param {string} file relative to `cwd`
 * @param {object} how
 * @param {string} how.cwd
 * @param {number | undefined} how.mostMs after which it is ended, with all that it started
 * @returns {Promise<FileRun>}
 */
export async function runTestFile(file, { cwd, mostMs }) {
  const folder = mkdtempSync(join(tmpdir(), 'anchord-results-'));
  const results = join(folder, 'results');
  const begin = performance.now();
  try {
    const { ok, isHung, said } = await ended(file, { cwd, mostMs, results });
    const end = isHung ? 'hung' : ok ? 'passed' : 'failed';
    return { file, end, ms: performance.now() - begin, outcomes: outcomesIn(results), said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @param {{ readonly cwd: string, readonly mostMs: number | undefined, readonly results: string }} how
 * @returns {Promise<{ readonly ok: boolean, readonly isHung: boolean, readonly said: string }>}
 */
function ended(file, { cwd, mostMs, results }) {
  const reporter = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${results}`];
  // In a group of its own: what a file that hangs has started ends with it.
  const child = spawn(process.execPath, ['--enable-source-maps', ...reporter, file], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  let isHung = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      said = `${said}${text}`.slice(-MOST_SAID);
    });
  running.add(child);
  const limit =
    mostMs === undefined ? undefined : setTimeout(() => ((isHung = true), endGroup(child)), mostMs);
  return new Promise((resolve) => {
    function done(/** @type {number | null} */ code) {
      clearTimeout(limit);
      running.delete(child);
      resolve({ ok: code === 0, isHung, said });
    }
    child.once('error', (error) => {
      said += error.message;
      done(null);
    });
    child.once('exit', (code) => {
      // What it left behind may hold its pipes open for ever.
      setTimeout(() => child.stdout.destroy() && child.stderr.destroy(), 1_000).unref();
      child.once('close', () => done(code));
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function endGroup(child) {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/**
 * @param {string} results
 * @returns {readonly TestOutcome[]}
 */
function outcomesIn(results) {
  let text = '';
  try {
    text = readFileSync(results, 'utf8');
  } catch {
    // The process did not live long enough to make it.
  }
  const lines = text.split('\n').filter((line) => line.endsWith('}'));
  return lines.map((line) => /** @type {TestOutcome} */ (JSON.parse(line)));
}
