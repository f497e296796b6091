import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExcludeFile } from '../../daemon/policies/exclude-file.ts';

test('a pattern a line, comments and blank lines apart, white space around it cut off', () => {
  const text =
    '# caches\n\n  *.tmp \r\nnode_modules/\n!keep.tmp\n/flux/active/build\n*.[ch]\n[^a-z]x\\*\na/**/b\n';

  assert.deepEqual(parseExcludeFile(text, '/flux'), {
    patterns: ['*.tmp', 'node_modules/', '!keep.tmp', '/flux/active/build', '*.[ch]', '[^a-z]x\\*', 'a/**/b'],
    ignored: [],
  });
});

test('what would end restic, keep it busy or leave out the whole source is not obeyed, and its line is named', () => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ['[', /\[ without \]/],
    ['[]a]', /\[ without \]/],
    ['[a-]', /\[ without \]/],
    ['a\\', /\\ at its end/],
    ['a/[b/c]', /\[ without \]/],
    ['**/**/x', /once/],
    ['/**/**', /absolute pattern|once/],
    ['..', /empty, \. or \.\./],
    ['a/../../b', /empty, \. or \.\./],
    ['a//b', /empty/],
    ['!', /empty/],
    ['/', /absolute pattern begins with \/flux\//],
    ['/flux', /absolute pattern begins with \/flux\//],
    ['/*', /absolute pattern begins with \/flux\//],
    ['/etc/shadow', /absolute pattern begins with \/flux\//],
    ['a\tb\u0007', /control/],
    ['a\u{FFFD}', /not UTF-8/],
    ['x'.repeat(1025), /at most 1024/],
  ];

  for (const [line, why] of bad) {
    const { patterns, ignored } = parseExcludeFile(`ok\n${line}\n`, '/flux');
    assert.deepEqual(patterns, ['ok'], line);
    assert.match(ignored[0] ?? '', why, line);
    assert.match(ignored[0] ?? '', /^line 2: /);
  }
});

test('no more than two hundred patterns are obeyed', () => {
  const { patterns, ignored } = parseExcludeFile('x\n'.repeat(201), '/flux');

  assert.deepEqual([patterns.length, ignored], [200, ['line 201: only 200 patterns are obeyed']]);
});

test('a line that looks like thousands of classes is judged at once', () => {
  const line = '[a'.repeat(500);

  assert.deepEqual(parseExcludeFile(`${line}\n`, '/flux').patterns, []);
});
