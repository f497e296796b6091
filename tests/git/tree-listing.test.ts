import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTreeLine } from '../../daemon/git/tree-listing.ts';

const OID = '00750edc07d6415dcc07ae0351e9397b0222b7ba';

test('a line of git ls-tree is read with its size and its name', () => {
  assert.deepEqual(parseTreeLine(`100644 blob ${OID}      12\thosts/motoko/a b.yaml`), {
    mode: '100644',
    kind: 'blob',
    oid: OID,
    size: 12,
    path: 'hosts/motoko/a b.yaml',
  });
  assert.equal(parseTreeLine(`040000 tree ${OID}       -\thosts`)?.size, 0);
});

test('quoted names are read back, and a name that is not UTF-8 stays quoted', () => {
  const names: readonly (readonly [string, string])[] = [
    [String.raw`"a\nb\t\"c\"\\d"`, 'a\nb\t"c"\\d'],
    [String.raw`"gr\303\274n \360\237\230\200"`, 'grün 😀'],
    [String.raw`"bad\377\n"`, String.raw`bad\377\n`],
    [String.raw`plain\n`, String.raw`plain\n`],
  ];

  for (const [quoted, path] of names)
    assert.equal(parseTreeLine(`100644 blob ${OID}       1\t${quoted}`)?.path, path);
});

test('what is no such line, and a damaged object, is not read as one', () => {
  for (const line of ['', 'fatal: x', `100644 blob ${OID}     BAD\ta`, `100644 blob ${OID}       1\t`]) {
    assert.equal(parseTreeLine(line), undefined);
  }
});
