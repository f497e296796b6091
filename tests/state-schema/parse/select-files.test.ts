import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHostState } from '../../../state-schema/parse/parse-host-state.ts';
import type { Problem } from '../../../state-schema/problem.ts';
import { ENTRY_LIMIT, FILE_LIMIT_BYTES, type StateEntry } from '../../../state-schema/state-entry.ts';
import { entriesOf, inShort, parse, SMALL_HOST } from '../state-files.ts';

const BASE = entriesOf({ 'hosts/nas/base.yaml': SMALL_HOST });

function problemsOf(...more: readonly StateEntry[]): readonly Problem[] {
  const result = parseHostState({ host: 'nas', entries: [...BASE, ...more] });
  return result.ok ? [] : result.problems;
}

function file(path: string, size = 0): StateEntry {
  return { path, type: 'file', size, bytes: new Uint8Array(size) };
}

test('a .yml file is refused, because it would silently not be read', () => {
  const problems = problemsOf(file('hosts/nas/shares.yml'));

  assert.deepEqual(problems.map(inShort), ['hosts/nas/shares.yml:1:1 file-name']);
  assert.match(problems[0]?.message ?? '', /rename it to end in \.yaml/);
});

test('a subfolder is refused once, however much is in it', () => {
  const problems = problemsOf(
    { path: 'hosts/nas/old', type: 'folder', size: 0 },
    file('hosts/nas/old/a.yaml'),
    file('hosts/nas/old/deep/b.yaml'),
    file('common/x/c.yaml'),
  );

  assert.deepEqual(problems.map(inShort), ['common/x:1:1 file-name', 'hosts/nas/old:1:1 file-name']);
});

test('symbolic links and submodules are refused wherever a file or folder is expected', () => {
  const problems = problemsOf(
    { path: 'hosts/nas/link.yaml', type: 'symlink', size: 9, bytes: new TextEncoder().encode('/etc/shad') },
    { path: 'hosts/nas/sub', type: 'submodule', size: 0 },
    { path: 'common', type: 'symlink', size: 4 },
  );

  assert.deepEqual(problems.map(inShort), [
    'common:1:1 file-name',
    'hosts/nas/link.yaml:1:1 file-name',
    'hosts/nas/sub:1:1 file-name',
  ]);
});

test('names that a terminal would obey are refused and shown harmless', () => {
  const [problem] = problemsOf(file('hosts/nas/a\u001b[2J\n::error::.yaml'));

  assert.equal(problem?.file, 'hosts/nas/a\\u001b[2J\\n::error::.yaml');
  assert.ok(!/\p{Cc}/u.test(JSON.stringify(problem?.message)));
});

test('what explains a folder to people and forges may stand beside state files', () => {
  assert.deepEqual(
    problemsOf(file('hosts/nas/README.md'), file('common/.gitkeep'), file('hosts/.gitignore')),
    [],
  );
});

test('other hosts and the rest of the repo are passed over', () => {
  assert.deepEqual(
    problemsOf(
      file('hosts/other/x.yml'),
      file('README.yml'),
      file('hosts/nas2/a.yaml'),
      file('commons/a.yml'),
    ),
    [],
  );
});

test('a file over the limit is refused without its content', () => {
  const problems = problemsOf({ path: 'hosts/nas/big.yaml', type: 'file', size: 10 * 2 ** 20 });

  assert.deepEqual(problems.map(inShort), ['hosts/nas/big.yaml:1:1 too-large']);
  assert.match(problems[0]?.message ?? '', new RegExp(`10485760 bytes, ${FILE_LIMIT_BYTES} are the most`));
});

test('all files together are bounded, and so is their number', () => {
  const large = Array.from({ length: 5 }, (_, index) => file(`hosts/nas/${index}.yaml`, FILE_LIMIT_BYTES));
  const many = Array.from({ length: ENTRY_LIMIT + 1 }, (_, index) => file(`hosts/nas/m${index}.yaml`));

  assert.ok(
    problemsOf(...large).some(({ code, file: place }) => code === 'too-large' && place === 'hosts/nas'),
  );
  assert.ok(problemsOf(...many).some(({ code }) => code === 'too-large'));
});

test('a host without a file is missing, and nothing else is said of it', () => {
  const result = parseHostState({ host: 'ghost', entries: [...BASE, file('common/a.yaml')] });

  assert.deepEqual(result.ok ? [] : result.problems.map(inShort), ['hosts/ghost:1:1 host-missing']);
});

test('a name that is no host name is refused', () => {
  for (const host of ['', '..', 'a/b', 'Nas', 'a\nb', '-x']) {
    const result = parseHostState({ host, entries: BASE });

    assert.deepEqual(result.ok ? [] : result.problems.map(({ code }) => code), ['file-name'], host);
  }
});

function notify(name: string): string {
  return `notify:\n  - { ntfy: { secret: cloud-id }, policies: [${name}] }\n`;
}

function purge(name: string): string {
  return `policies:\n  ${name}: { kind: purge, path: /data/old, after: 7d, schedule: "0 0 * * *" }\n`;
}

test('maps merge by name over files, and lists concatenate in path order', () => {
  const result = parse({
    'hosts/nas/base.yaml': SMALL_HOST,
    'hosts/nas/z.yaml': purge('z') + notify('z'),
    'common/k.yaml': purge('k') + notify('k'),
    'hosts/nas/a.yaml': purge('a') + notify('a'),
  });

  assert.ok(result.ok);
  assert.deepEqual(Object.keys(result.state.policies).toSorted(), ['a', 'k', 'save', 'z']);
  assert.deepEqual(
    result.state.notify.flatMap(({ policies }) => policies),
    ['k', 'a', 'z'],
  );
});

test('a name in two files is refused with both places', () => {
  const result = parse({
    'hosts/nas/base.yaml': SMALL_HOST,
    'hosts/nas/more.yaml': 'users:\n  bob: {}\n  ann: {}\n',
  });

  assert.ok(!result.ok);
  assert.deepEqual(result.problems.map(inShort), ['hosts/nas/more.yaml:3:3 duplicate']);
  assert.deepEqual(result.problems[0]?.also, [{ file: 'hosts/nas/base.yaml', line: 11, column: 3 }]);
});

test('host and catcher stand in one file', () => {
  const catcher = 'catcher: { tiers: { hot: { path: /data/hot } } }\n';

  const result = parse({
    'hosts/nas/base.yaml': SMALL_HOST + catcher,
    'hosts/nas/more.yaml': `host: { name: nas, timezone: UTC }\n${catcher}`,
  });

  assert.deepEqual(result.ok ? [] : result.problems.map(inShort), [
    'hosts/nas/more.yaml:1:1 duplicate',
    'hosts/nas/more.yaml:2:1 duplicate',
  ]);
});
