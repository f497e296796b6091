import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import type { AzureSettings } from '../../state-schema/generated/host-settings.ts';
import type { Secret } from '../../state-schema/generated/state-file.ts';
import { azureServer, azureWith } from './azure-server.ts';
import { providerRig, type ProviderRig } from './provider-rig.ts';

const DECLARED: Readonly<Record<string, Secret>> = {
  restic: { from: 'azure-key-vault', vault: 'kv-home' },
  other: { from: 'azure-key-vault', vault: 'kv-home', name: 'by-another-name' },
  absent: { from: 'azure-key-vault', vault: 'kv-home' },
  stray: { from: 'azure-key-vault', vault: 'kv-somebody' },
};

async function hostWith(
  url: string,
  identity: (folder: string) => Partial<AzureSettings> = () => ({}),
): Promise<ProviderRig> {
  return await providerRig(DECLARED, (folder) => ({
    allow: { secrets: { vaults: ['kv-home'] } },
    providers: {
      azure: {
        identity: 'managed',
        vaultUrl: `${url}/{vault}`,
        identityUrl: url,
        loginUrl: url,
        ...identity(folder),
      },
    },
  }));
}

test('a secret comes from the vault, with one token for all, by managed identity', async () => {
  const azure = azureWith({ restic: 'horse', 'by-another-name': 'battery' });
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);

  assert.deepEqual([await rig.ask('restic'), await rig.ask('other')], ['horse', 'battery']);
  assert.equal(azure.tokens, 1);
  assert.equal(rig.secrets.redact('token-number-1 horse battery'), '*** *** ***');
});

test('an application signs in with its client secret, a workload with its token file, each read anew', async () => {
  const azure = azureWith({ restic: 'horse' });
  await using server = await azureServer(azure);
  const named = { tenant: 'contoso', client: 'app-1' };
  await using app = await hostWith(server.url, (folder) => ({
    identity: 'client-secret',
    clientSecretFile: join(folder, 'client-secret'),
    ...named,
  }));
  await using workload = await hostWith(server.url, (folder) => ({
    identity: 'workload',
    tokenFile: join(folder, 'assertion'),
    ...named,
  }));

  assert.deepEqual([await app.ask('restic'), await workload.ask('restic')], ['horse', 'horse']);

  azure.clientSecret = 'client-secret-rotated';
  azure.revokedBefore = azure.tokens;
  app.pass(120_000);
  assert.equal(await app.ask('restic'), 'horse', 'the last value, while the file still has the old secret');
  assert.equal(app.events.length, 1);
  await app.secrets.askStale(DECLARED);
  assert.equal(app.events.length, 1, 'not asked again within half a minute');
  await writeFile(join(app.folder, 'client-secret'), 'client-secret-rotated', { mode: 0o600 });
  app.pass(120_000);
  await app.secrets.askStale(DECLARED);
  assert.deepEqual(
    app.events.map(({ kind }) => kind),
    ['secret.stale', 'secret.fresh'],
  );
});

test('what an identity service refuses is told without repeating what was sent', async () => {
  const azure = azureWith({ restic: 'horse' });
  azure.clientSecret = 'another';
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url, (folder) => ({
    identity: 'client-secret',
    tenant: 'contoso',
    client: 'app-1',
    clientSecretFile: join(folder, 'client-secret'),
  }));

  const said = await rig.ask('restic');

  assert.match(said, /^SecretUnavailable: .*gives no token: it answers 401 \(invalid_client\) → .*expired/);
  assert.doesNotMatch(said, /client-secret-value/);
});

test('a token that the vault no longer takes is replaced once', async () => {
  const azure = azureWith({ restic: 'horse' });
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);
  await rig.ask('restic');
  azure.revokedBefore = 1;
  rig.pass(60_000);

  assert.equal(await rig.ask('restic'), 'horse');
  assert.equal(azure.tokens, 2);

  azure.revokedBefore = 99;
  rig.pass(60_000);
  assert.equal(await rig.ask('restic'), 'horse');
  assert.match(rig.secrets.stale('restic')?.message ?? '', /does not let this host read restic \(401\)/);
});

test('a token is renewed before its end', async () => {
  const azure = azureWith({ restic: 'horse' });
  azure.life = 600;
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);

  await rig.ask('restic');
  rig.pass(299_000);
  await rig.ask('restic');
  assert.equal(azure.tokens, 1);
  rig.pass(2_000);
  rig.secrets.askAgain('restic');
  await rig.ask('restic');
  assert.equal(azure.tokens, 2);
});

test('a vault that is overloaded or broken for a moment is asked again, as long as it says', async () => {
  const azure = azureWith({ restic: 'horse' });
  azure.first.push({ status: 429, json: {}, headers: { 'retry-after': '0' } }, 'html');
  azure.firstTokens.push({ status: 500, json: {}, headers: { 'retry-after': '0' } });
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);

  assert.equal(await rig.ask('restic'), 'horse');

  rig.secrets.askAgain('restic');
  azure.first.push({ status: 429, json: {}, headers: { 'retry-after': '3600' } });
  assert.equal(await rig.ask('restic'), 'horse');
  assert.match(rig.secrets.stale('restic')?.message ?? '', /answers 429; the last value known is used/);
});

test('a vault that is away costs one policy nothing while its last value is known, and says so', async () => {
  const azure = azureWith({ restic: 'horse' });
  const server = await azureServer(azure);
  await using rig = await hostWith(server.url);
  await rig.ask('restic');
  await server.stop();

  assert.equal(await rig.ask('restic'), 'horse', 'within the minute nobody asks');
  assert.equal(rig.secrets.stale('restic'), undefined);
  rig.pass(60_000);
  assert.equal(await rig.ask('restic'), 'horse');

  const stale = rig.secrets.stale('restic');
  assert.equal(stale?.reason, 'SecretStale');
  assert.match(
    stale.message,
    /the secret restic cannot be had now: .*ECONNREFUSED.*; the last value known is used/,
  );
  assert.deepEqual(rig.events, [{ kind: 'secret.stale', secret: 'restic', fault: stale }]);
  assert.match(await rig.ask('other'), /^SecretUnavailable: the secret other cannot be had now/);
});

test('a rotated value is seen within a minute, or at once when the old one was not taken', async () => {
  const azure = azureWith({ restic: 'old horse' });
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);
  await rig.ask('restic');
  azure.vaults['kv-home'] = { restic: 'new horse' };

  assert.equal(await rig.ask('restic'), 'old horse');
  rig.secrets.askAgain('restic');
  assert.equal(await rig.ask('restic'), 'new horse');
  assert.equal(rig.secrets.redact('old horse, new horse'), '***, ***');
});

test('a secret that was deleted, or that the host settings do not allow, is missing at once', async () => {
  const azure = azureWith({ restic: 'horse', empty: '' });
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);
  await rig.ask('restic');
  azure.vaults['kv-home'] = {};
  rig.pass(60_000);

  assert.match(
    await rig.ask('restic'),
    /^SecretMissing: .*kv-home has no secret restic → az keyvault secret set/,
  );
  assert.match(await rig.ask('stray'), /^SecretMissing: .*"kv-somebody".*do not allow → add allow: /);
  assert.equal(server.asked.filter(({ url }) => url.pathname.includes('kv-somebody')).length, 0);
});

test('policies that start at once share one question', async () => {
  const azure = azureWith({ restic: 'horse' });
  await using server = await azureServer(azure);
  await using rig = await hostWith(server.url);

  const values = await Promise.all(Array.from({ length: 8 }, () => rig.ask('restic')));

  assert.deepEqual(new Set(values), new Set(['horse']));
  assert.equal(server.asked.length, 2);
});
