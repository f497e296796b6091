import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { hookProof } from '../../daemon/http/hook-proof.ts';
import { SecretValue } from '../../daemon/secrets/secret-value.ts';

const SECRET = new SecretValue("It's a Secret to Everybody");
const SIGNING_TOKEN = new SecretValue('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
const HELLO = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const STANDARD = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

function holds(headers: Record<string, string>, body: string, secret = SECRET): boolean | undefined {
  const proof = hookProof(headers, secret);
  // In pieces, as a body comes over a wire.
  for (const byte of Buffer.from(body)) proof?.take(Buffer.from([byte]));
  return proof?.holds();
}

test('the published example of GitHub holds, and so does the same in the headers of Forgejo and Gitea', () => {
  const body = 'Hello, World!';

  assert.equal(holds({ 'x-hub-signature-256': `sha256=${HELLO}` }, body), true);
  assert.equal(holds({ 'x-forgejo-signature': HELLO }, body), true);
  assert.equal(holds({ 'x-gitea-signature': HELLO }, body), true);
});

test('the published example of standard webhooks, which GitLab signs by, holds', () => {
  const body = '{"test": 2432232314}';

  assert.equal(holds(STANDARD, body, SIGNING_TOKEN), true);
  const rotated = { ...STANDARD, 'webhook-signature': `v1,AAAA v2,BBBB ${STANDARD['webhook-signature']}` };
  assert.equal(holds(rotated, body, SIGNING_TOKEN), true);
  assert.equal(holds({ ...STANDARD, 'webhook-id': 'another' }, body, SIGNING_TOKEN), false);
  assert.equal(holds({ ...STANDARD, 'webhook-timestamp': '1614265331' }, body, SIGNING_TOKEN), false);
  assert.equal(holds(STANDARD, body, SECRET), false);
});

test('the plain token of GitLab holds whatever the body says, and only in full', () => {
  const token = SECRET.reveal();

  assert.equal(holds({ 'x-gitlab-token': token }, 'anything'), true);
  assert.equal(holds({ 'x-gitlab-token': token.slice(0, -1) }, 'anything'), false);
  assert.equal(holds({ 'x-gitlab-token': `${token} ` }, 'anything'), false);
});

test('one byte more, less or other in the body, and no signature holds', () => {
  for (const body of ['Hello, World', 'Hello, World!\n', 'Hello, world!', ''])
    assert.equal(holds({ 'x-hub-signature-256': `sha256=${HELLO}` }, body), false, JSON.stringify(body));
});

test('a signature that is cut off, padded, in capitals, of another kind or empty does not hold', () => {
  const sha1 = createHmac('sha1', SECRET.reveal()).update('Hello, World!').digest('hex');
  for (const signature of [
    HELLO.slice(0, -1),
    `${HELLO}0`,
    HELLO.toUpperCase(),
    `sha1=${sha1}`,
    sha1,
    'sha256=',
    'sha256=é',
  ]) {
    assert.equal(holds({ 'x-hub-signature-256': signature }, 'Hello, World!'), false, signature);
    assert.equal(holds({ 'x-gitea-signature': signature }, 'Hello, World!'), false, signature);
  }
});

test('a wrong signature is not made good by a right one in another header', () => {
  const headers = {
    'x-forgejo-signature': HELLO.replace('7', '8'),
    'x-hub-signature-256': `sha256=${HELLO}`,
    'x-gitlab-token': SECRET.reveal(),
  };

  assert.equal(holds(headers, 'Hello, World!'), false);
});

test('a request without any of the headers brings no proof', () => {
  assert.equal(hookProof({}, SECRET), undefined);
  assert.equal(hookProof({ 'x-hub-signature': 'sha1=00', 'x-hub-signature-256': '' }, SECRET), undefined);
});
