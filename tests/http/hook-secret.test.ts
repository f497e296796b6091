import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { Stalled } from '../../daemon/errors.ts';
import { hookSecret } from '../../daemon/http/hook-secret.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchord-hook-secret-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string, mode: number): string {
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('the secret is the line in the file, without its end, and does not print', async () => {
  const secret = await hookSecret(file('0123456789abcdef\n', 0o600));

  assert.equal(secret.reveal(), '0123456789abcdef');
  assert.equal(inspect({ secret }).includes('0123'), false);
});

const refused: readonly (readonly [string, string, number, RegExp])[] = [
  ['is empty', '', 0o600, /secret is empty; a secret of 16 or more is expected/],
  ['holds only a newline', '\n', 0o600, /is empty/],
  ['holds a short secret', 'hunter2\n', 0o600, /has 7 characters; a secret of 16 or more is expected/],
  ['holds two lines', '0123456789abcdef\n0123456789abcdef\n', 0o600, /more than one word/],
  ['can be read by others', '0123456789abcdef\n', 0o604, /has mode 0604: others than its owner can read it/],
  ['can be read by its group', '0123456789abcdef\n', 0o640, /has mode 0640: others/],
  ['can be written by others', '0123456789abcdef\n', 0o622, /has mode 0622: others than its owner can write/],
];
for (const [what, text, mode, expected] of refused) {
  test(`a file that ${what} is refused, with what mends it and without its content`, async () => {
    await assert.rejects(hookSecret(file(text, mode)), (error) => {
      assert.ok(error instanceof Stalled);
      assert.match(error.message, /^repository\.webhookSecret: /);
      assert.match(error.message, expected);
      assert.match(error.next ?? '', /openssl rand|chmod 0600/);
      assert.ok(!`${error.message} ${error.next}`.includes('0123456789'));
      return true;
    });
  });
}

test('a file that is not there is said to be missing', async () => {
  await assert.rejects(hookSecret(join(folder, 'none')), /repository\.webhookSecret: .*none does not exist/);
});
