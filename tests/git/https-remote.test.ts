import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { test } from 'node:test';
import { Authority, type CertificateFlaw } from './authority.ts';
import { GitRig } from './git-rig.ts';
import { HttpGitServer } from './http-git-server.ts';
import { statusOf } from './status-of.ts';

const TOKEN = 'tok_0123456789';

interface HttpsRig extends AsyncDisposable {
  readonly rig: GitRig;
  readonly server: HttpGitServer;
  readonly authority: Authority;
  readonly url: string;
  readonly tip: string;
  readonly passwordFile: string;
}

/** A repository behind an https server that wants a token and shows a certificate of its own authority. */
async function httpsRig(flaw: CertificateFlaw = {}): Promise<HttpsRig> {
  const rig = await GitRig.make();
  const tip = await rig.commit(await rig.init('up.git'), { 'common/a': '1' });
  const authority = Authority.make(rig.path('authority'));
  const server = await HttpGitServer.start(rig.dir, `anchord:${TOKEN}`, authority.issue(flaw));
  const passwordFile = await rig.write('token', `${TOKEN}\n`, 0o600);
  return {
    rig,
    server,
    authority,
    url: server.url('up.git'),
    tip,
    passwordFile,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

test('fetches and publishes over https with a token from a server of a private authority', async () => {
  await using https = await httpsRig();
  const { rig, url, tip, passwordFile, authority } = https;
  const credentials = { passwordFile, caFile: authority.caFile };
  const repo = await rig.openState(url, { credentials });

  assert.equal(await repo.fetch({ revision: await repo.tip() }), tip);
  const branch = await rig.openStatus(url, 'status', { credentials });
  assert.equal((await branch.publish(statusOf({ a: '1' }))).kind, 'published');
});

const FLAWS: Readonly<Record<string, CertificateFlaw>> = {
  'that has expired': { isExpired: true },
  'with another name': { name: 'DNS:other.example' },
};

for (const [what, flaw] of Object.entries(FLAWS)) {
  test(`a certificate ${what} is refused before the token is sent`, async () => {
    await using https = await httpsRig(flaw);
    const { rig, server, url, passwordFile, authority } = https;
    const credentials = { passwordFile, caFile: authority.caFile };
    const repo = await rig.openState(url, { credentials });
    const branch = await rig.openStatus(url, 'status', { credentials });

    const expected = {
      name: 'Stalled',
      reason: 'CertificateRefused',
      message: /in date, carry the name 127\.0\.0\.1 and be signed by .*ca\.pem/,
      next: /openssl s_client -connect 127\.0\.0\.1:\d+ .*-CAfile .*ca\.pem/,
    };
    await assert.rejects(repo.tip(), expected);
    await assert.rejects(branch.publish(statusOf({ a: '1' })), expected);
    assert.equal(server.requests.length, 0);
  });
}

test('a certificate of another authority, or of one that nobody named, is refused', async () => {
  await using https = await httpsRig();
  const { rig, server, url, passwordFile } = https;
  const stranger = Authority.make(rig.path('stranger'));
  const junk = await rig.write('junk.pem', 'no certificate\n');

  for (const credentials of [
    { passwordFile, caFile: stranger.caFile },
    { passwordFile, caFile: junk },
    { passwordFile },
  ]) {
    const repo = await rig.openState(url, { credentials });
    await assert.rejects(repo.tip(), { name: 'Stalled', reason: 'CertificateRefused' });
  }
  assert.equal(server.requests.length, 0);
});

test('an authority that others can write is refused: they would choose who is believed', async () => {
  await using https = await httpsRig();
  const { rig, url, passwordFile, authority } = https;
  await chmod(authority.caFile, 0o666);
  const repo = await rig.openState(url, { credentials: { passwordFile, caFile: authority.caFile } });

  await assert.rejects(repo.tip(), { name: 'Stalled', reason: 'SecretRefused', next: /chmod go-w/ });
});

test('a password that others can read is refused', async () => {
  await using https = await httpsRig();
  const { rig, url, passwordFile, authority } = https;
  await chmod(passwordFile, 0o644);
  const repo = await rig.openState(url, { credentials: { passwordFile, caFile: authority.caFile } });

  await assert.rejects(repo.tip(), {
    name: 'Stalled',
    reason: 'SecretRefused',
    message: /others can read or write .*token \(mode 0644\)/,
  });
});

const ANSWERS: readonly (readonly [number, { readonly name: string; readonly reason: string }])[] = [
  [401, { name: 'Stalled', reason: 'AuthenticationFailed' }],
  [403, { name: 'Stalled', reason: 'AuthenticationFailed' }],
  [404, { name: 'Transient', reason: 'FetchFailed' }],
  [429, { name: 'Transient', reason: 'FetchFailed' }],
  [500, { name: 'Transient', reason: 'FetchFailed' }],
  [503, { name: 'Transient', reason: 'FetchFailed' }],
];

for (const [status, expected] of ANSWERS) {
  test(`an answer of ${status} is ${expected.name}, shows no token, and passes with its cause`, async () => {
    await using https = await httpsRig();
    const { rig, server, url, tip, passwordFile, authority } = https;
    const repo = await rig.openState(url, { credentials: { passwordFile, caFile: authority.caFile } });
    const headers = status === 429 ? { 'Retry-After': '3600' } : {};
    server.fault = { kind: 'status', status, headers };

    await assert.rejects(repo.tip(), (error: Error) => {
      assert.equal(error.name, expected.name);
      assert.equal((error as Error & { reason: string }).reason, expected.reason);
      assert.ok(!JSON.stringify([error.message, error]).includes(TOKEN));
      return true;
    });
    server.fault = undefined;

    assert.equal(await repo.tip(), tip);
  });
}

test('a redirect from https to plain http or to another server gets no token', async () => {
  await using https = await httpsRig();
  const { rig, server, url, passwordFile, authority } = https;
  await using thief = await HttpGitServer.start(rig.dir, `anchord:${TOKEN}`);
  await using other = await HttpGitServer.start(rig.dir, `anchord:${TOKEN}`, authority.issue());
  const credentials = { passwordFile, caFile: authority.caFile };
  const repo = await rig.openState(url, { credentials });
  const branch = await rig.openStatus(url, 'status', { credentials });

  for (const to of [thief, other]) {
    server.fault = { kind: 'redirect', to: to.url('').replace(/\/$/, '') };
    await assert.rejects(repo.tip(), { reason: 'FetchFailed' });
    await assert.rejects(branch.publish(statusOf({ a: '1' })));
    assert.equal(to.requests.length, 0);
  }
});
