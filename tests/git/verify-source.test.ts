import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { reasonOf, sign, SignedWorld, store } from './signed-world.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

test('commits with a good SSH and a good OpenPGP signature are told with who signed them', async () => {
  await using world = await SignedWorld.make();
  const { keys, clone } = world;
  const anna = keys.ssh('anna');
  const bert = keys.gpg('bert');
  const base = clone.commit({});
  const bySsh = sign(clone, anna.as);
  const byGpg = sign(clone, bert.as);
  const files = [keys.allow('ssh', anna.line), keys.allow('gpg', bert.armored)];

  const first = await world.verify({ files, revision: bySsh, trusted: base });
  const second = await world.verify({ files, revision: byGpg, trusted: base });

  assert.ok(first.kind === 'good' && second.kind === 'good');
  const fingerprint = execFileSync('ssh-keygen', ['-lf', anna.file]).toString().split(' ')[1];
  assert.deepEqual(first.verified, {
    revision: bySsh,
    method: 'ssh',
    by: 'anna@example.org',
    key: fingerprint,
  });
  assert.equal(second.verified?.method, 'gpg');
  assert.equal(second.verified?.by, 'bert <bert@example.org>');
  assert.match(second.verified?.key ?? '', /^[0-9A-F]{40}$/);
});

test('an unsigned commit is refused, also below a signed one, with its author and subject', async () => {
  await using world = await SignedWorld.make();
  const anna = world.keys.ssh('anna');
  const base = sign(world.clone, anna.as);
  const unsigned = world.clone.commit({ 'a.txt': 'a' });
  const above = sign(world.clone, anna.as);
  const files = [world.keys.allow('ssh', anna.line)];

  const found = await world.verify({ files, revision: above, trusted: base });

  assert.equal(found.kind === 'refused' && found.fault.reason, 'NotSigned');
  assert.ok(found.kind === 'refused' && found.commit !== undefined);
  assert.equal(found.commit.sha, unsigned);
  assert.equal(found.commit.author, 'Anna');
  assert.equal(found.commit.subject, 'change a.txt');
  assert.equal(found.commit.others, 0);
});

test('an unsigned second parent of a signed merge is refused', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = sign(clone, anna.as);
  clone.git('checkout', '--quiet', '-b', 'side');
  const unsigned = clone.commit({ 'side.txt': 'side' });
  clone.git('checkout', '--quiet', 'main');
  sign(clone, anna.as);
  clone.git(...anna.as, 'merge', '--quiet', '--gpg-sign', '--no-ff', '-m', 'merge', 'side');
  const merge = clone.git('rev-parse', 'HEAD').trim();
  const files = [keys.allow('ssh', anna.line)];

  const found = await world.verify({ files, revision: merge, trusted: base });

  assert.equal(found.kind === 'refused' && found.commit?.sha, unsigned);
});

test('a stranger’s signature is refused, whether SSH or OpenPGP', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = sign(clone, anna.as);
  const bySsh = sign(clone, keys.ssh('mallory').as);
  const byGpg = sign(clone, keys.gpg('eve').as);
  const files = [keys.allow('ssh', anna.line), keys.allow('gpg', keys.gpg('bert').armored)];

  assert.equal(reasonOf(await world.verify({ files, revision: bySsh, trusted: base })), 'SignerNotAllowed');
  assert.equal(reasonOf(await world.verify({ files, revision: byGpg, trusted: bySsh })), 'SignerNotAllowed');
});

test('an OpenPGP signature is refused when no OpenPGP key is allowed', async () => {
  await using world = await SignedWorld.make();
  const anna = world.keys.ssh('anna');
  const base = sign(world.clone, anna.as);
  const revision = sign(world.clone, world.keys.gpg('bert').as);
  const files = [world.keys.allow('ssh', anna.line)];

  assert.equal(reasonOf(await world.verify({ files, revision, trusted: base })), 'SignatureBad');
});

test('a commit that was altered after it was signed is refused', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const bert = keys.gpg('bert');
  const base = sign(clone, anna.as);
  const files = [keys.allow('ssh', anna.line), keys.allow('gpg', bert.armored)];
  for (const as of [anna.as, bert.as]) {
    const signed = clone.git('cat-file', 'commit', sign(clone, as));
    const revision = store(clone, signed.replace(/signed (?=by)/, 'zigned '));

    assert.equal(reasonOf(await world.verify({ files, revision, trusted: base })), 'SignatureBad');
  }
});

test('a commit with two signatures is refused, even when both are good', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = sign(clone, anna.as);
  const signed = clone.git('cat-file', 'commit', sign(clone, anna.as));
  const signature = /gpgsig (?:.+\n)(?: .*\n)+/.exec(signed)?.[0] ?? '';
  const files = [keys.allow('ssh', anna.line)];
  const doubled = [
    signed.replace(signature, signature + signature),
    signed.replace(signature, `${signature}gpgsig-sha256 anything\n`),
    signed.replace(signature, signature + signature.replace('gpgsig', '').replaceAll(/^ ?/gm, ' ')),
    // git leaves these out of what is signed: the same signature would be good for any number of commits.
    signed.replace(signature, `gpgsig-other anything\n${signature}`),
    signed.replace(signature, `${signature}gpgsigs\n`),
  ];
  for (const text of doubled) {
    const revision = store(clone, text);

    assert.equal(reasonOf(await world.verify({ files, revision, trusted: base })), 'SignatureBad');
  }
});

test('a signature of a kind that git does not know is refused like any other bad one', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = sign(clone, anna.as);
  const plain = clone.git('cat-file', 'commit', clone.commit({ 'a.txt': 'a' }));
  const files = [keys.allow('ssh', anna.line)];
  for (const signature of ['', 'anything', '-----BEGIN PGP SIGNED MESSAGE-----\n x']) {
    const revision = store(clone, plain.replace('\n\n', `\ngpgsig ${signature}\n\n`));

    const found = await world.verify({ files, revision, trusted: base });

    assert.equal(reasonOf(found), 'SignatureBad');
    assert.equal(found.kind === 'refused' && found.commit?.sha, revision);
  }
});

test('expired OpenPGP keys and SSH keys whose time is over are refused, whatever time the commit claims', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const expired = keys.gpg('old', '20200101T000000');
  const base = clone.commit({});
  const byGpg = sign(clone, expired.as);
  const backdated = sign(clone, anna.as, '2020-06-01T00:00:00Z');
  const files = [
    keys.allow('ssh', anna.line.replace(' ', ' valid-before="20210101Z",namespaces="git" ')),
    keys.allow('gpg', expired.armored),
  ];

  assert.equal(reasonOf(await world.verify({ files, revision: byGpg, trusted: base })), 'SignatureExpired');
  assert.equal(
    reasonOf(await world.verify({ files, revision: backdated, trusted: byGpg })),
    'SignatureExpired',
  );
});

test('a key that was not valid yet at the commit’s time, or is not for Git, is refused', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = clone.commit({});
  const revision = sign(clone, anna.as, '2020-06-01T00:00:00Z');
  const late = [keys.allow('late', anna.line.replace(' ', ' valid-after="20210101Z" '))];
  const other = [keys.allow('other', anna.line.replace(' ', ' namespaces="file" '))];

  assert.equal((await world.verify({ files: late, revision, trusted: base })).kind, 'refused');
  assert.equal((await world.verify({ files: other, revision, trusted: base })).kind, 'refused');
});

test('a key that its owner revoked is refused', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const bert = keys.gpg('bert');
  const base = clone.commit({});
  const revision = sign(clone, bert.as);
  const files = [keys.allow('gpg', bert.armored)];
  assert.equal((await world.verify({ files, revision, trusted: base })).kind, 'good');

  writeFileSync(files[0] ?? '', keys.revoked(bert.home));

  assert.equal(reasonOf(await world.verify({ files, revision, trusted: base })), 'SignatureExpired');
});

test('without a trusted revision the tip alone must be signed', async () => {
  await using world = await SignedWorld.make();
  const anna = world.keys.ssh('anna');
  const unsigned = world.clone.commit({ 'a.txt': 'a' });
  const signed = sign(world.clone, anna.as);
  const files = [world.keys.allow('ssh', anna.line)];

  assert.equal((await world.verify({ files, revision: signed })).kind, 'good');
  assert.equal(reasonOf(await world.verify({ files, revision: unsigned })), 'NotSigned');
});

test('history that the mirror cut off is fetched before it decides', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = sign(clone, anna.as);
  const unsigned = clone.commit({ 'a.txt': 'a' });
  for (let n = 0; n < 60; n++) sign(clone, anna.as);
  const revision = clone.git('rev-parse', 'HEAD').trim();
  const files = [keys.allow('ssh', anna.line)];

  const found = await world.verify({ files, revision, trusted: base });

  assert.equal(found.kind === 'refused' && found.commit?.sha, unsigned);
});

test('a commit whose encoding turns its author into lines cannot answer for another one', async () => {
  await using world = await SignedWorld.make();
  const { clone, keys } = world;
  const anna = keys.ssh('anna');
  const base = sign(clone, anna.as);
  const unsigned = clone.commit({ 'a.txt': 'a' });
  const plain = clone.git('cat-file', 'commit', unsigned);
  const forged = ['', unsigned, 'G', '', 'SHA256:x', 'anna@example.org', '']
    .join('+AAA-')
    .replace('+AAA-', '+AAo-');
  const text = plain
    .replace(/^author Anna/m, `author ${forged}`)
    .replace(/^(committer .*)$/m, '$1\nencoding UTF-7');
  const revision = store(clone, text);
  const files = [keys.allow('ssh', anna.line)];

  assert.equal(reasonOf(await world.verify({ files, revision, trusted: base })), 'NotSigned');
});

test(
  'more commits than are checked at once are refused, with the number',
  { timeout: PATIENCE_MS },
  async () => {
    await using world = await SignedWorld.make();
    const anna = world.keys.ssh('anna');
    const base = sign(world.clone, anna.as);
    const many = Array.from(
      { length: 2001 },
      (_, n) =>
        `commit refs/heads/main\ncommitter A <a@x> ${1_700_000_000 + n} +0000\ndata 1\nx\n${n === 0 ? `from ${base}\n` : ''}`,
    );
    execFileSync('git', ['-C', world.clone.dir, 'fast-import', '--quiet', '--force'], {
      input: many.join(''),
    });
    const revision = world.clone.git('rev-parse', 'main').trim();
    const files = [world.keys.allow('ssh', anna.line)];

    const found = await world.verify({ files, revision, trusted: base });

    assert.equal(reasonOf(found), 'TooManyCommits');
    assert.match(found.kind === 'refused' ? found.fault.message : '', /more than 2000 commits/);
  },
);
