import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { Redaction } from '../../daemon/secrets/redaction.ts';
import { secretForms } from '../../daemon/secrets/secret-forms.ts';
import { SecretValue } from '../../daemon/secrets/secret-value.ts';

function knowing(...values: readonly string[]): Redaction {
  const redaction = new Redaction();
  for (const value of values) redaction.learn(new SecretValue(value));
  return redaction;
}

test('known values are replaced exactly, longest first', () => {
  const { text } = knowing('abcd', 'abcdefgh', 'a.c$');

  assert.equal(text('x abcdefgh abcd a.c$ abc$ abcd-abcdefgh'), 'x *** *** *** abc$ ***-***');
  assert.equal(text('nothing here'), 'nothing here');
});

test('a value is found as JSON, addresses, shells, hexadecimal and base64 write it', () => {
  const value = `pä"ss w/o+rd'&=?\\%${randomBytes(4).toString('base64')}`;
  const { text } = knowing(value);
  const written = [
    JSON.stringify({ value }),
    JSON.stringify(JSON.stringify({ value })),
    `https://u:${encodeURIComponent(value)}@host/`,
    new URLSearchParams({ value }).toString(),
    encodeURIComponent(value).replaceAll(/%../g, (code) => code.toLowerCase()),
    `'${value.replaceAll("'", String.raw`'\''`)}'`,
    Buffer.from(value).toString('hex'),
    ...['', 'u', 'us', 'usr'].flatMap((before) =>
      ['', 'x', 'xy'].map((after) => Buffer.from(`${before}${value}${after}`).toString('base64')),
    ),
    Buffer.from(`user:${value}`).toString('base64url'),
  ];

  const leaks = written.filter((one) => !text(one).includes('***'));

  assert.deepEqual(leaks, []);
});

test('a file of many lines is found line by line', () => {
  const key = `-----BEGIN KEY-----\n${'Q1w2'.repeat(16)}\n${'e3R4'.repeat(16)}\n-----END KEY-----\n`;

  const said = knowing(key).text(`line: ${'e3R4'.repeat(16)} of -----BEGIN KEY-----`);

  assert.equal(said, 'line: *** of -----BEGIN KEY-----');
});

test('what is too short to be a secret is left alone, and what is short is not looked for encoded', () => {
  assert.equal(knowing('abc').text('abc'), 'abc');
  assert.equal(secretForms('abcd').length, 1);
  assert.ok(secretForms('abcdefgh').length > 4);
});

test('the beginning of a value at the end of a text that was cut off is taken out too', () => {
  const { cutText } = knowing('correct horse battery');

  assert.equal(cutText('the password is correct ho'), 'the password is ***');
  assert.equal(cutText('the password is correct horse battery'), 'the password is ***');
  assert.equal(cutText('this is correct, nothing is'), 'this is correct, nothing is');
});

test('plain data is redacted in every text but the names that anchord gives', () => {
  const redaction = knowing('nightly', 'hunter22');
  const data = {
    policy: 'nightly',
    message: 'hunter22 was refused',
    unreadable: ['/data/hunter22'],
    progress: { phase: 'x', current: ['hunter22'], percent: 3, none: null },
  };

  assert.deepEqual(redaction.deep(data), {
    policy: 'nightly',
    message: '*** was refused',
    unreadable: ['/data/***'],
    progress: { phase: 'x', current: ['***'], percent: 3, none: null },
  });
  assert.equal(new Redaction().deep(data), data);
});
