import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushedRef } from '../../daemon/http/pushed-ref.ts';

test('the ref stands where each forge writes it', () => {
  assert.equal(pushedRef('{"ref":"refs/heads/main","before":"1"'), 'refs/heads/main');
  assert.equal(pushedRef('{\n  "ref": "refs/heads/a/b",\n'), 'refs/heads/a/b');
  assert.equal(pushedRef('{"object_kind":"push","before":"1","ref":"refs/tags/v1"'), 'refs/tags/v1');
});

test('what does not plainly name a ref names none', () => {
  for (const body of [
    '',
    'not JSON',
    '{"ref":"main"}',
    '{"message":"\\"ref\\":\\"refs/heads/x\\""}',
    '{"ref":"refs/heads/x',
    'payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22',
  ])
    assert.equal(pushedRef(body), undefined, body);
});
