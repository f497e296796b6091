import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { SigningKeys } from '../rig/signing-keys.ts';
import { openVerifier, sign, SignedWorld } from './signed-world.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

test(
  'files of signers that cannot be trusted or understood stop the start, with the reason',
  { timeout: PATIENCE_MS },
  async () => {
    using keys = new SigningKeys();
    const anna = keys.ssh('anna');
    const bert = keys.gpg('bert');
    const writable = keys.allow('writable', anna.line);
    chmodSync(writable, 0o666);
    const secret = execFileSync('gpg', [
      '--homedir',
      bert.home,
      '--batch',
      '--armor',
      '--export-secret-keys',
    ]);
    execFileSync('mkfifo', ['-m', '0600', `${keys.dir}/fifo`]);
    const faults: readonly (readonly [string, RegExp])[] = [
      [`${keys.dir}/fifo`, /no regular file/],
      [`${keys.dir}/absent`, /absent, which says who may sign commits, does not exist/],
      [keys.dir, /regular file|EISDIR/],
      [writable, /written by others/],
      [keys.allow('empty', '# nobody'), /names nobody/],
      [keys.allow('torn', anna.line, 'bert ssh-ed25519 AAAA'), /line 2 holds no key of type ssh-ed25519/],
      [keys.allow('option', anna.line.replace(' ', ' valid-befor="2020" ')), /unknown option valid-befor/],
      [keys.allow('time', anna.line.replace(' ', ' valid-before="soon" ')), /valid-before="soon"/],
      [keys.allow('unquoted', anna.line.replace(' ', ' valid-before=20300101 ')), /line 1 has options/],
      [keys.allow('secret', secret.toString()), /private key/],
      [
        keys.allow(
          'garbage',
          '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----',
        ),
        /no key/,
      ],
    ];
    for (const [file, words] of faults) {
      await assert.rejects(openVerifier(keys, [file]), (error: Error & { reason?: string }) => {
        assert.equal(error.reason, 'SignersUnusable', error.message);
        assert.match(error.message, words);
        return true;
      });
    }
  },
);

test('programs that the signers need and that are not there stop the start, with the command that installs them', async () => {
  using keys = new SigningKeys();
  const ssh = keys.allow('ssh', keys.ssh('anna').line);
  const gpg = keys.allow('gpg', keys.gpg('bert').armored);

  for (const [file, next] of [
    [ssh, 'apt install openssh-client'],
    [gpg, 'apt install gnupg'],
  ] as const) {
    await assert.rejects(openVerifier(keys, [file], '/nonexistent'), { reason: 'SignersUnusable', next });
  }
});

test('a key that is taken out of the file counts no more, without a restart', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const bert = keys.ssh('bert');
  const file = keys.allow('ssh', anna.line, bert.line);
  const base = sign(clone, anna.as);
  const revision = sign(clone, bert.as);
  const verifier = await openVerifier(keys, [file]);
  const repo = await world.repo(revision);
  const before = await verifier.version();
  assert.equal((await verifier.verify(repo, { revision, trusted: base })).kind, 'good');

  writeFileSync(file, `${anna.line}\n`);

  assert.notEqual(await verifier.version(), before);
  assert.equal((await verifier.verify(repo, { revision, trusted: base })).kind, 'refused');
});
