import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeControls, quote } from '../../state-schema/quote.ts';

test('nothing in a quoted text moves a terminal or turns the direction of writing', () => {
  const hostile = 'a\u001b[2J\n\r\t\u0085\u202e\u2066\u2028\u200b\ud800';

  assert.equal(escapeControls(hostile), 'a\\u001b[2J\\n\\r\\t\\u0085\\u202e\\u2066\\u2028\\u200b\\ud800');
});

test('a quote is closed where it seems to be, and short', () => {
  assert.equal(quote('a"b\\c'), '"a\\"b\\\\c"');
  assert.equal(quote('x'.repeat(100)), `"${'x'.repeat(80)}…"`);
});
