// A reporter of node:test that writes one line of JSON for each test and each note, for run-tests.mjs.
import { inspect } from 'node:util';

/** @import { TestEvent } from 'node:test/reporters' */
/** @import { TestOutcome } from './test-verdict.mjs' */

/**
 * @param {AsyncIterable<TestEvent>} events
 * @returns {AsyncGenerator<string, void>}
 */
// oxlint-disable-next-line import/no-default-export -- Node asks for one.
export default async function* testReporter(events) {
  for await (const event of events) {
    const outcome = outcomeOf(event);
    if (outcome !== undefined) yield `${JSON.stringify(outcome)}\n`;
  }
}

/**
 * @param {TestEvent} event
 * @returns {TestOutcome | undefined}
 */
function outcomeOf(event) {
  if (event.type === 'test:diagnostic') return noteOf(event.data);
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return undefined;
  const { name, nesting, skip, todo, details } = event.data;
  if (details.type === 'suite' && event.type === 'test:pass') return undefined;
  const about = { name, nesting, ms: Math.round(details.duration_ms) };
  const left = skip ?? todo;
  if (left !== undefined && left !== false)
    return { ...about, kind: 'skip', reason: typeof left === 'string' ? left : '' };
  if (event.type === 'test:pass') return { ...about, kind: 'pass' };
  return { ...about, kind: 'fail', error: errorText(event.data.details.error) };
}

/**
 * The counts at the end of a file are not worth a line.
 *
 * @param {{ readonly message: string, readonly nesting: number }} note
 * @returns {TestOutcome | undefined}
 */
function noteOf({ message, nesting }) {
  if (/^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/.test(message)) return undefined;
  return { kind: 'note', name: message, nesting };
}

/**
 * @param {Error} error as node:test wraps it
 * @returns {string}
 */
function errorText(error) {
  const { cause = error } = error;
  return typeof cause === 'string' ? cause : inspect(cause, { depth: 6, maxStringLength: 20_000 });
}
