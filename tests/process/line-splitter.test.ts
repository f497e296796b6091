import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_LIMIT, lineSplitter } from '../../daemon/process/line-splitter.ts';

function split(...chunks: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.take(chunk);
  splitter.end();
  return lines;
}

test('lines come whole however they were cut on the way', () => {
  assert.deepEqual(split('a', 'b\nc', '', 'd\n\ne\n', 'f'), ['ab', 'cd', '', 'e', 'f']);
});

test('nothing at all is no line', () => {
  assert.deepEqual(split('', ''), []);
});

test('of a line without end only the beginning is kept, and the next line is whole again', () => {
  const chunk = 'x'.repeat(64 * 1024);

  const [long = '', next] = split(...Array.from({ length: 100 }, () => chunk), 'tail\nnext\n');

  assert.equal(long.length, LINE_LIMIT);
  assert.equal(next, 'next');
});
