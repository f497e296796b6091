import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import test from 'node:test';
import { SigningKeys } from '../rig/signing-keys.ts';
import { GitRig } from './git-rig.ts';
import { statusOf } from './status-of.ts';

const REF = 'refs/heads/anchord-status/motoko';

test('status commits are signed, each over the one before, and git says so', async () => {
  await using rig = await GitRig.make();
  using keys = new SigningKeys();
  const anchord = keys.ssh('anchord');
  const upstream = await rig.init('up.git');
  const branch = await rig.openStatus(upstream, 'status', { signingKey: anchord.file });

  const first = await branch.publish(statusOf({ 'status.json': '1' }));
  const same = await branch.publish(statusOf({ 'status.json': '1' }));
  const second = await branch.publish(statusOf({ 'status.json': '2' }));

  assert.deepEqual(same, { kind: 'unchanged', commit: first.commit });
  assert.equal(await rig.git(['-C', upstream, 'rev-list', '--count', REF]), '2');
  const allowed = `gpg.ssh.allowedSignersFile=${keys.allow('allowed', anchord.line)}`;
  for (const { commit } of [first, second])
    await rig.git(['-C', upstream, '-c', allowed, 'verify-commit', commit]);
  assert.match(
    await rig.git(['-C', upstream, 'log', '-1', '--format=%an|%ae|%cn|%ad|%B', '--date=iso-strict', REF]),
    /^anchord\|anchord@motoko\|anchord\|2026-11-21T03:00:00\+00:00\|motoko: run ok\n\nConfig-Commit: c0ffee\nResult: ok/,
  );
  assert.equal(await rig.git(['-C', upstream, 'fsck', '--strict']), '');
});

test('a key that cannot be used is named, and nothing unsigned is published', async () => {
  await using rig = await GitRig.make();
  using keys = new SigningKeys();
  const { file } = keys.ssh('anchord');
  chmodSync(file, 0o644);
  const upstream = await rig.init('up.git');
  for (const signingKey of [file, `${keys.dir}/absent`]) {
    const branch = await rig.openStatus(upstream, 'status', { signingKey });

    await assert.rejects(branch.publish(statusOf({ a: '1' })), (error: Error & { name: string }) => {
      assert.equal(error.name, 'Stalled');
      assert.ok(error.message.includes(signingKey), error.message);
      return true;
    });
  }
  assert.equal(await rig.git(['-C', upstream, 'for-each-ref']), '');
});
