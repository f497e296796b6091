import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from '../rig/patience.ts';

const SCRIPTS = fileURLToPath(new URL('../../../scripts', import.meta.url));
const HEAD =
  "import assert from 'node:assert/strict';\nimport test from 'node:test';\nimport fs from 'node:fs';\n";

const FILES: Readonly<Record<string, string>> = {
  good: "test('is right', () => {});\ntest('cannot', { skip: 'needs luck' }, () => {});\n",
  shaky: `test('is right at last', () => {
  const first = !fs.existsSync('been-here');
  fs.writeFileSync('been-here', '');
  assert.ok(!first, 'not yet');
});
`,
  bad: "test('is never right', () => assert.deepEqual({ found: 1 }, { found: 2 }));\n",
  hangs:
    "test('starts', () => {});\ntest('never ends', () => new Promise(() => setInterval(() => {}, 1000)));\n",
};

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
}

/** Runs these files as `npm test` does. */
function runTests(names: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  const folder = mkdtempSync(join(tmpdir(), 'anchord-run-tests-'));
  try {
    cpSync(SCRIPTS, join(folder, 'scripts'), { recursive: true });
    mkdirSync(join(folder, 'dist/tests'), { recursive: true });
    writeFileSync(join(folder, 'dist/package.json'), '{ "type": "module" }');
    for (const name of names)
      writeFileSync(join(folder, `dist/tests/${name}.test.js`), `${HEAD}${FILES[name]}`);
    return spawnSync(process.execPath, ['scripts/run-tests.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...env },
      timeout: PATIENCE_MS,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('what passes alone on the second try is unsteady, named loudly, and no failure', () => {
  const { status, stdout } = runTests(['good', 'shaky']);

  assert.equal(status, 0, stdout);
  assert.match(stdout, /\n {2}✔ is right \(\d+ ms\)\n {2}﹣ cannot \(\d+ ms\) # needs luck\n/);
  assert.match(stdout, /\n3 tests in 2 files, 0 files failed, 1 unsteady, \d+ s; all results: /);
  assert.match(
    stdout,
    /\nunsteady: tests\/shaky\.test\.js — passed alone on the second try; its first failure:\n✖ is right at last\n {4}AssertionError \[ERR_ASSERTION\]: not yet\n/,
  );
});

test('what fails twice fails the run, and both failures are the last words', () => {
  const { status, stdout } = runTests(['bad', 'good']);

  assert.equal(status, 1, stdout);
  const last = stdout.slice(stdout.indexOf('all results: '));
  assert.match(last, /FAILED: tests\/bad\.test\.js, twice\n✖ is never right\n[\s\S]*found: 1[\s\S]*found: 2/);
  assert.match(last, /FAILED again, alone: tests\/bad\.test\.js\n✖ is never right\n[\s\S]*bad\.test\.js:\d+/);
});

test('a file that hangs is ended, named and not tried again', () => {
  const { status, stdout } = runTests(['hangs'], { ANCHORD_TEST_FILE_MS: '10000' });

  assert.equal(status, 1, stdout);
  assert.doesNotMatch(stdout, /once more, alone/);
  assert.match(
    stdout,
    /FAILED: tests\/hangs\.test\.js was ended after \d+ s; a file that hangs is not tried/,
  );
  assert.match(stdout, /ended so far: (starts|none of its tests)/);
});

test('without built tests it fails and says what is missing', () => {
  assert.equal(runTests([]).status, 1);
});
