import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST } from '../../../state-schema/checks/how-many.ts';
import { inShort, problemsWith } from '../state-files.ts';

/** Numbered lines of a section. */
function section(name: string, count: number, line: (index: number) => string): string {
  return `${name}:\n${Array.from({ length: count }, (_, index) => `  ${line(index)}\n`).join('')}`;
}

test('whatever a file holds, what is told of it stays small', () => {
  const long = 'x'.repeat(100_000);
  const files: Readonly<Record<string, string>> = {
    'an anchor': `directories:\n  /data/a: &${long} {}\n`,
    'an alias': `directories:\n  /data/a: *${long}\n`,
    'a key': `directories:\n  ? "${long}"\n  : {}\n`,
    'a key with controls': `directories:\n  ? "/data/${'\\u0007'.repeat(50_000)}"\n  : {}\n`,
    'a tag': `directories:\n  /data/a: !${long} {}\n`,
    'a value': `host: { name: ${long} }\n`,
    'a schedule': `policies:\n  p: { kind: purge, path: /data/old, after: 7d, schedule: "${'1,'.repeat(50_000)}1 * * * *" }\n`,
    'a target': `policies:\n  p: { kind: mirror, source: /data, destination: "cloud:${long}", schedule: "0 1 * * *" }\n`,
  };

  for (const [what, text] of Object.entries(files)) {
    const problems = problemsWith(text);
    assert.ok(problems.length > 0, `${what} of 100 kB is a problem`);
    for (const problem of problems)
      assert.ok(JSON.stringify(problem).length < 3000, `${what}: ${JSON.stringify(problem).length}`);
  }
});

test('more things of a kind than a host can bear are refused, and nothing else is looked into', () => {
  const policies = section('policies', MOST.policies, (index) => {
    return `p${index}: { kind: purge, path: /data/old/${index}, after: 7d, schedule: "0 1 * * *" }`;
  });

  const [problem, ...others] = problemsWith(policies);

  assert.deepEqual(others, []);
  assert.equal(problem && inShort(problem), 'hosts/nas:1:1 too-large');
  assert.match(problem?.message ?? '', /^201 policies are declared for this host; at most 200 are expected/);
});

test('as many directories as are allowed are fine, one more is not', () => {
  const already = 3;
  const some = section('directories', MOST.directories - already, (index) => `/data/d${index}: {}`);

  assert.deepEqual(problemsWith(some).map(inShort), []);
  assert.deepEqual(problemsWith(`${some}  /data/more: {}\n`).map(inShort), ['hosts/nas:1:1 too-large']);
});
