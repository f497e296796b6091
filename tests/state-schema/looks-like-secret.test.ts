import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSecretShapes, looksLikeSecret } from '../../state-schema/looks-like-secret.ts';
import { cpuTime } from '../rig/cpu-time.ts';

// Put together here, so that no scanner of this repository takes them for real ones.
const SHAPES = {
  'an AWS access key': `AKIA${'ABCDEFGH12345678'}`,
  'a GitHub token': `ghp_${'a1B2'.repeat(9)}`,
  'a Backblaze application key': `K005${'aB3/'.repeat(6)}aB3`,
  'a private key': `-----BEGIN OPENSSH ${'PRIVATE KEY'}-----`,
  'an address with a password in it': `https://ann:${'hunter2'}@ntfy.example/topic`,
};

for (const [what, text] of Object.entries(SHAPES)) {
  test(`${what} is found anywhere in a text, also in a comment`, () => {
    assert.deepEqual(findSecretShapes(`a: 1\n# ${text}\n`), [{ offset: 7 + shapeStart(text), what }]);
  });
}

function shapeStart(text: string): number {
  return text.includes('://') ? text.indexOf('://') : 0;
}

test('a long random value under the name of a secret looks like one', () => {
  assert.equal(looksLikeSecret('password', 'q8Zr+2LmXw0pTv7KdY'), true);
  assert.equal(looksLikeSecret('accessKeyId', '0a3bf81c7d92e5f64411'), true);
});

test('names, paths and words do not look like secrets', () => {
  for (const value of [
    'restic-password',
    'RESTIC_PASSWORD',
    'b2-space-mirror-key',
    'correct horse battery staple',
  ]) {
    assert.equal(looksLikeSecret('key', value), false, value);
  }
  assert.equal(looksLikeSecret('label', 'q8Zr+2LmXw0pTv7KdY'), false);
});

test('a hostile text is searched in a moment', async () => {
  for (const text of ['a', '://', 'eyJ', 'anc_', '://a:', '-----BEGIN ']) {
    const long = text.repeat(2_000_000 / text.length);

    const took = await cpuTime(() => findSecretShapes(long));

    assert.ok(took < 6_000, `${text} took ${took} ms`);
  }
});
