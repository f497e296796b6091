import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testFaults } from '../fault-table.ts';
import { inShort, parse, problemsWith, SMALL_HOST, stateOf } from '../state-files.ts';
import { cpuTime } from '../../rig/cpu-time.ts';

testFaults([
  {
    name: 'a key given twice in one mapping shows both places',
    yaml: 'users:\n  bob: {}\n  bob: {}\n',
    at: ['3:3 duplicate'],
    says: /"bob" stands twice/,
  },
  {
    name: 'an alias is refused where it stands',
    yaml: 'users:\n  bob: &b {}\n  cat: *b\n',
    at: ['2:11 yaml', '3:8 yaml'],
    says: /anchor &b/,
  },
  { name: 'a tag is refused', yaml: 'users:\n  bob: !!map {}\n', at: ['2:14 yaml'], says: /tag/ },
  {
    name: 'a custom tag is refused once',
    yaml: 'users:\n  bob: !evil {}\n',
    at: ['2:14 yaml'],
    says: /tag "!evil"/,
  },
  {
    name: 'a merge key is only an unknown key',
    yaml: 'users:\n  bob: { <<: { samba: 1 } }\n',
    at: ['2:10 unknown-key'],
    says: /"<<"/,
  },
  {
    name: 'a second document is refused',
    yaml: 'users: {}\n---\nlinks: {}\n',
    at: ['3:1 yaml'],
    says: /second document/,
  },
  {
    name: 'a YAML directive is refused',
    yaml: '%YAML 1.1\n---\nusers: {}\n',
    at: ['1:1 yaml'],
    says: /directives/,
  },
  {
    name: 'a key that is a list is refused',
    yaml: 'users:\n  ? [a]\n  : {}\n',
    at: ['2:5 yaml'],
    says: /plain text/,
  },
  {
    name: 'a broken flow mapping is told with its place',
    yaml: 'users: {\n  bob: {}\n',
    at: ['3:1 yaml'],
    says: /not YAML/,
  },
  {
    name: 'a tab as indentation is told with its place',
    yaml: 'users:\n\tbob: {}\n',
    at: ['2:1 yaml'],
    says: /not YAML/,
  },
  {
    name: 'a file that is a list is refused',
    yaml: '- a\n- b\n',
    at: ['1:1 wrong-type'],
    says: /a mapping is expected/,
  },
  {
    name: 'a file that is one word is refused',
    yaml: 'hello\n',
    at: ['1:1 wrong-type'],
    says: /a mapping is expected/,
  },
  {
    name: 'a section without a value is refused, not taken for an empty one',
    yaml: 'links:\n',
    at: ['1:1 wrong-type'],
    says: /remove the key/,
  },
  {
    name: 'values too deep inside each other are refused',
    yaml: `users: ${'['.repeat(40)}\n`,
    at: ['1:25 yaml'],
    says: /deep/,
  },
]);

test('both places of a double key are shown', () => {
  const [problem] = problemsWith('users:\n  bob: {}\n  bob: {}\n');

  assert.deepEqual(problem?.also, [{ file: 'hosts/nas/more.yaml', line: 2, column: 3 }]);
  assert.equal(problem?.pointer, '/users/bob');
});

test('a file with nothing in it, or only comments, is no fault', () => {
  for (const nothing of ['', '\n', '# later\n', '---\n', '\ufeff']) {
    stateOf({ 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/more.yaml': nothing });
  }
});

test('a byte order mark and Windows line ends move no column', () => {
  assert.deepEqual(problemsWith('\ufeffusers:\r\n  bob: 3\r\n').map(inShort), [
    'hosts/nas/more.yaml:2:8 wrong-type',
  ]);
});

test('bytes that are not UTF-8 are told at the first of them', () => {
  const bytes = new Uint8Array([...new TextEncoder().encode('users: {}\n# é'), 0xff, 0x41]);

  const result = parse({ 'hosts/nas/base.yaml': SMALL_HOST, 'hosts/nas/more.yaml': bytes });

  assert.deepEqual(result.ok ? [] : result.problems.map(inShort), ['hosts/nas/more.yaml:2:4 encoding']);
});

test('a file that ends in the middle of a character is not UTF-8', () => {
  const result = parse({
    'hosts/nas/base.yaml': SMALL_HOST,
    'hosts/nas/more.yaml': new Uint8Array([0x23, 0xe2, 0x82]),
  });

  assert.deepEqual(result.ok ? [] : result.problems.map(inShort), ['hosts/nas/more.yaml:1:2 encoding']);
});

test('a NUL byte is told where it is', () => {
  assert.deepEqual(problemsWith('users: {}\n#\0').map(inShort), ['hosts/nas/more.yaml:2:2 encoding']);
});

test('words that older YAML takes for booleans are text', () => {
  const state = stateOf({
    'hosts/nas/base.yaml': SMALL_HOST,
    'hosts/nas/more.yaml': 'sources:\n  a: { label: yes }\n  on: {}\n',
  });

  assert.equal(state.sources['a']?.label, 'yes');
  assert.deepEqual(Object.keys(state.sources), ['a', 'on']);
});

test('names that every object inherits are only names', () => {
  const state = stateOf({
    'hosts/nas/base.yaml': SMALL_HOST,
    'hosts/nas/more.yaml': 'sources:\n  constructor: { quota: 1GB }\n  hasOwnProperty: {}\n',
  });

  assert.deepEqual(Object.keys(state.sources), ['constructor', 'hasOwnProperty']);
  assert.equal(state.shares['constructor'], undefined);
  assert.deepEqual(problemsWith('users:\n  __proto__: {}\n__proto__: {}\n').map(inShort), [
    'hosts/nas/more.yaml:2:3 wrong-value',
    'hosts/nas/more.yaml:3:1 unknown-key',
  ]);
});

test('a billion laughs are refused in a moment', async () => {
  const lines = ['a0: &a0 [lol, lol]'];
  for (let level = 1; level < 60; level++)
    lines.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`);
  let problems: ReturnType<typeof problemsWith> = [];

  const took = await cpuTime(() => (problems = problemsWith(lines.join('\n'))));

  assert.ok(took < 4_000, `${took} ms`);
  assert.ok(problems.some(({ code, message }) => code === 'yaml' && message.includes('alias')));
});

test('garbage of a whole file is refused without telling each byte', () => {
  const problems = problemsWith('a: b: c\n- x\n]}:\n'.repeat(200_000));

  assert.deepEqual(
    problems.map(({ code }) => code),
    ['yaml'],
  );
  assert.match(problems[0]?.message ?? '', /the rest was not read/);
});
