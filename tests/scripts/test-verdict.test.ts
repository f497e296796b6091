import assert from 'node:assert/strict';
import test from 'node:test';

type End = 'passed' | 'failed' | 'hung';

interface Outcome {
  readonly kind: 'pass' | 'fail' | 'skip' | 'note';
  readonly name: string;
  readonly nesting: number;
  readonly error?: string;
  readonly reason?: string;
}

interface FileRun {
  readonly file: string;
  readonly end: End;
  readonly ms: number;
  readonly outcomes: readonly Outcome[];
  readonly said: string;
}

type FileTries = readonly [FileRun, FileRun?];

interface Verdict {
  readonly MOST_TRIED_AGAIN: number;
  readonly triedAgain: (runs: readonly FileRun[]) => readonly FileRun[];
  readonly isFailed: (tries: FileTries) => boolean;
  readonly isUnsteady: (tries: FileTries) => boolean;
  readonly skippedOf: (all: readonly FileTries[]) => readonly string[];
  readonly unsteadyOf: (all: readonly FileTries[]) => readonly string[];
  readonly lastWords: (all: readonly FileTries[]) => string;
}

const script = new URL('../../../scripts/test-verdict.mjs', import.meta.url).href;
const verdict = (await import(script)) as Verdict;
const { flakyOf } = (await import(new URL('page-verdict.mjs', script).href)) as {
  readonly flakyOf: (report: object) => readonly string[];
};

function run(file: string, end: End, more: Partial<FileRun> = {}): FileRun {
  return { file, end, ms: 1_000, outcomes: [], said: '', ...more };
}

function failure(name: string, error: string): Outcome {
  return { kind: 'fail', name, nesting: 0, error };
}

test('a file that failed is tried again, one that passed or hung is not', () => {
  const runs = [run('a', 'passed'), run('b', 'failed'), run('c', 'hung')];

  assert.deepEqual(
    verdict.triedAgain(runs).map(({ file }) => file),
    ['b'],
  );
});

test('when many files failed none is tried again: that is no unsteadiness', () => {
  const runs = Array.from({ length: verdict.MOST_TRIED_AGAIN + 1 }, (_, n) => run(String(n), 'failed'));

  assert.deepEqual(verdict.triedAgain(runs), []);
  assert.equal(verdict.triedAgain(runs.slice(1)).length, verdict.MOST_TRIED_AGAIN);
});

test('the second try decides, and one that was needed is unsteady', () => {
  const cases: readonly (readonly [FileTries, boolean, boolean])[] = [
    [[run('a', 'passed')], false, false],
    [[run('a', 'failed'), run('a', 'passed')], false, true],
    [[run('a', 'failed'), run('a', 'failed')], true, false],
    [[run('a', 'failed'), run('a', 'hung')], true, false],
    [[run('a', 'failed')], true, false],
    [[run('a', 'hung')], true, false],
  ];

  for (const [tries, isFailed, isUnsteady] of cases)
    assert.deepEqual([verdict.isFailed(tries), verdict.isUnsteady(tries)], [isFailed, isUnsteady]);
});

test('the last words are the whole failures of both tries, and of what was unsteady', () => {
  const nested = { ...failure('holds it', '1 subtest failed'), nesting: 0 };
  const text = verdict.lastWords([
    [run('tests/good.js', 'passed')],
    [
      run('tests/shaky.js', 'failed', { outcomes: [failure('waits', 'too early\n    at x.ts:1')] }),
      run('tests/shaky.js', 'passed'),
    ],
    [
      run('tests/bad.js', 'failed', { outcomes: [failure('counts', 'found 1'), nested], said: 'noise' }),
      run('tests/bad.js', 'failed', { outcomes: [failure('counts', 'found 2')] }),
    ],
  ]);

  assert.equal(
    text,
    `unsteady: tests/shaky.js — passed alone on the second try; its first failure:
✖ waits
    too early
        at x.ts:1

FAILED: tests/bad.js, twice
✖ counts
    found 1

FAILED again, alone: tests/bad.js
✖ counts
    found 2`,
  );
});

test('of a file that hung stands there how long, what it said and what had ended', () => {
  const pass: Outcome = { kind: 'pass', name: 'the first', nesting: 0 };

  const text = verdict.lastWords([
    [run('tests/hangs.js', 'hung', { ms: 900_000, outcomes: [pass], said: 'words\n' })],
  ]);

  assert.match(
    text,
    /^FAILED: tests\/hangs\.js was ended after 900 s; a file that hangs is not tried again\n/,
  );
  assert.match(text, /\n {4}words\n {4}ended so far: the first$/);
});

test('a process that failed without a failing test says what it printed', () => {
  assert.match(
    verdict.lastWords([[run('tests/a.js', 'failed', { said: 'cannot find module' })]]),
    /\n {4}cannot find module$/,
  );
});

test('what was skipped is told with its reason, and what was unsteady by its tests', () => {
  const outcomes: readonly Outcome[] = [
    { kind: 'skip', name: 'mounts', nesting: 0, reason: 'needs root' },
    { kind: 'skip', name: 'sings', nesting: 0, reason: '' },
    failure('waits', 'no'),
  ];
  const all: readonly FileTries[] = [[run('a.js', 'failed', { outcomes }), run('a.js', 'passed')]];

  assert.deepEqual(verdict.skippedOf(all), ['mounts: needs root', 'sings: no reason given']);
  assert.deepEqual(verdict.unsteadyOf(all), ['a.js: waits']);
});

test('tests of the page that passed on a retry are found at any depth of the report', () => {
  function spec(title: string, status: string): object {
    return { title, file: 'live.spec.ts', tests: [{ status }] };
  }

  assert.deepEqual(
    flakyOf({
      suites: [
        { specs: [spec('one', 'expected')], suites: [{ specs: [spec('two', 'flaky')] }] },
        { specs: [spec('three', 'flaky')] },
      ],
    }),
    ['tests/page/live.spec.ts: two', 'tests/page/live.spec.ts: three'],
  );
  assert.deepEqual(flakyOf({}), []);
});
