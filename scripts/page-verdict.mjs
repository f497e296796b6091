// What Playwright's report of the tests of the page says. Pure.

/**
 * The part of Playwright's JSON report that is read here.
 *
 * @typedef {object} PageReport
 * @property {{ readonly skipped?: number }} [stats]
 * @property {readonly PageSuite[]} [suites]
 *
 * @typedef {object} PageSuite
 * @property {readonly PageSuite[]} [suites]
 * @property {readonly PageSpec[]} [specs]
 *
 * @typedef {object} PageSpec
 * @property {string} title
 * @property {string} file
 * @property {readonly { readonly status: string }[]} tests `flaky`: failed at first, and passed on a retry
 */

/**
 * One line for each test that passed only on its second try.
 *
 * @param {PageReport} report
 * @returns {readonly string[]}
 */
export function flakyOf({ suites = [] }) {
  return suites.flatMap((suite) => {
    const flaky = (suite.specs ?? []).filter(({ tests }) => tests.some(({ status }) => status === 'flaky'));
    return [...flaky.map(({ file, title }) => `tests/page/${file}: ${title}`), ...flakyOf(suite)];
  });
}
