// What the runs of test files come to: which are tried again, and what is said of them. Pure.

/**
 * What became of one test, or something that it noted.
 *
 * @typedef {(
 *   | { readonly kind: 'pass' }
 *   | { readonly kind: 'skip', readonly reason: string }
 *   | { readonly kind: 'fail', readonly error: string }
 *   | { readonly kind: 'note' }
 * ) & { readonly name: string, readonly nesting: number, readonly ms?: number }} TestOutcome
 */

/**
 * One run of one file of tests, in a process of its own.
 *
 * @typedef {object} FileRun
 * @property {string} file
 * @property {'passed' | 'failed' | 'hung'} end `hung`: it had to be ended
 * @property {number} ms
 * @property {readonly TestOutcome[]} outcomes
 * @property {string} said what the process printed besides
 */

/**
 * All runs of one file: the second one is its second try.
 *
 * @typedef {readonly [FileRun, FileRun?]} FileTries
 */

/** More failed files than these are no unsteadiness: trying them again would only hold up the answer. */
export const MOST_TRIED_AGAIN = 8;

/**
 * The files that get a second try.
 *
 * @param {readonly FileRun[]} runs
 * @returns {readonly FileRun[]}
 */
export function triedAgain(runs) {
  const failed = runs.filter(({ end }) => end === 'failed');
  return failed.length > MOST_TRIED_AGAIN ? [] : failed;
}

/**
 * Whether it failed at first, and passed alone.
 *
 * @param {FileTries} tries
 * @returns {boolean}
 */
export function isUnsteady([first, second]) {
  return first.end === 'failed' && second?.end === 'passed';
}

/**
 * Whether it did not pass in the end.
 *
 * @param {FileTries} tries
 * @returns {boolean}
 */
export function isFailed([first, second]) {
  return (second ?? first).end !== 'passed';
}

/**
 * What was left out, with its reason.
 *
 * @param {readonly FileTries[]} all
 * @returns {readonly string[]}
 */
export function skippedOf(all) {
  return all.flatMap(([first]) =>
    first.outcomes.flatMap((one) =>
      one.kind === 'skip' ? [`${one.name}: ${one.reason === '' ? 'no reason given' : one.reason}`] : [],
    ),
  );
}

/**
 * One line for each unsteady file.
 *
 * @param {readonly FileTries[]} all
 * @returns {readonly string[]}
 */
export function unsteadyOf(all) {
  return all.filter(isUnsteady).map(
    ([first]) =>
      `${first.file}: ${
        failuresOf(first)
          .map(({ name }) => name)
          .join('; ') || first.end
      }`,
  );
}

/**
 * The last words of a run of all tests: only the end of a log is sure to be read. Everything that failed stands here whole.
 *
 * @param {readonly FileTries[]} all
 * @returns {string}
 */
export function lastWords(all) {
  const texts = all.filter(isUnsteady).map(([first]) => {
    return `unsteady: ${first.file} — passed alone on the second try; its first failure:\n${runText(first)}`;
  });
  for (const tries of all.filter(isFailed)) {
    const [first, second] = tries;
    texts.push(
      `FAILED: ${first.file}${second === undefined ? hungText(first) : ', twice'}\n${runText(first)}`,
    );
    if (second !== undefined) texts.push(`FAILED again, alone: ${second.file}\n${runText(second)}`);
  }
  return texts.join('\n\n');
}

/**
 * @param {FileRun} run
 * @returns {string}
 */
function hungText({ end, ms }) {
  return end === 'hung'
    ? ` was ended after ${Math.round(ms / 1000)} s; a file that hangs is not tried again`
    : '';
}

/**
 * @param {FileRun} run
 * @returns {string}
 */
function runText(run) {
  const failures = failuresOf(run).map(({ name, error }) => `✖ ${name}\n${indented(error)}`);
  const said = run.said.trim();
  if (said !== '' && (run.end === 'hung' || failures.length === 0)) failures.push(indented(said));
  if (run.end === 'hung') failures.push(indented(`ended so far: ${names(run)}`));
  return failures.length === 0 ? '  its process failed, and none of its tests' : failures.join('\n');
}

/**
 * The tests that failed themselves, not those that only hold one that did.
 *
 * @param {FileRun} run
 * @returns {readonly { readonly name: string, readonly error: string }[]}
 */
function failuresOf({ outcomes }) {
  return outcomes.flatMap((one) => {
    if (one.kind !== 'fail' || /^\d+ subtests? failed$/.test(one.error)) return [];
    return [{ name: one.name, error: one.error }];
  });
}

/**
 * @param {FileRun} run
 * @returns {string}
 */
function names({ outcomes }) {
  const ended = outcomes.filter(({ kind }) => kind !== 'note').map(({ name }) => name);
  return ended.length === 0 ? 'none of its tests' : ended.join('; ');
}

/**
 * @param {string} text
 * @returns {string}
 */
function indented(text) {
  return text.replaceAll(/^/gm, '    ');
}
