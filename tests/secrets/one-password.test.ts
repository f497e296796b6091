import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import type { Secret } from '../../state-schema/generated/state-file.ts';
import { localServer, type Answer, type Asked, type LocalServer } from './local-server.ts';
import { providerRig, type ProviderRig } from './provider-rig.ts';

interface Field {
  readonly id: string;
  readonly label: string;
  readonly value?: string;
}

const ITEMS: Readonly<Record<string, readonly Field[]>> = {
  Restic: [
    { id: 'password', label: 'password', value: 'horse' },
    { id: 'f1', label: 'spare', value: 'battery' },
    { id: 'f2', label: 'twice', value: 'one' },
    { id: 'f3', label: 'twice', value: 'two' },
    { id: 'notes', label: 'notes' },
  ],
  'a "quoted" name': [{ id: 'password', label: 'password', value: 'staple' }],
};

/** Speaks 1Password Connect's REST: https://developer.1password.com/docs/connect/api-reference. */
async function connectServer(first: Answer[] = []): Promise<LocalServer> {
  return await localServer((asked) => first.shift() ?? answer(asked));
}

function answer({ url, headers }: Asked): Answer {
  if (headers.authorization !== 'Bearer connect-token-value')
    return { status: 401, json: { status: 401, message: 'Invalid token signature' } };
  const parts = url.pathname.split('/').slice(2);
  const wanted = /^(?:name|title) eq (.*)$/.exec(url.searchParams.get('filter') ?? '')?.[1];
  const value = wanted === undefined ? undefined : (JSON.parse(wanted) as string);
  if (parts.length === 1) return { status: 200, json: value === 'Home' ? [{ id: 'v1', name: 'Home' }] : [] };
  const titles = Object.keys(ITEMS);
  if (parts.length === 3) {
    const found = titles.filter((title) => title === value);
    return { status: 200, json: found.map((title) => ({ id: `i${titles.indexOf(title)}`, title })) };
  }
  const title = titles[Number(parts[3]?.slice(1))];
  if (parts[1] !== 'v1' || title === undefined)
    return { status: 404, json: { status: 404, message: 'not found' } };
  return { status: 200, json: { id: parts[3], title, fields: ITEMS[title] } };
}

const HOME = { from: 'onepassword', vault: 'Home', item: 'Restic' } as const;
const DECLARED: Readonly<Record<string, Secret>> = {
  restic: HOME,
  spare: { ...HOME, field: 'spare' },
  quoted: { ...HOME, item: 'a "quoted" name' },
  twice: { ...HOME, field: 'twice' },
  notes: { ...HOME, field: 'notes' },
  absent: { ...HOME, item: 'Nothing' },
  elsewhere: { ...HOME, vault: 'Away' },
  stray: { ...HOME, vault: 'Somebody' },
};

async function hostWith(connectUrl: string): Promise<ProviderRig> {
  return await providerRig(DECLARED, (folder) => ({
    allow: { secrets: { vaults: ['Home', 'Away'] } },
    providers: { onepassword: { connectUrl, tokenFile: join(folder, 'connect-token') } },
  }));
}

test('a field of an item comes from the Connect server', async () => {
  await using server = await connectServer();
  await using rig = await hostWith(`${server.url}/`);

  assert.deepEqual(
    [await rig.ask('restic'), await rig.ask('spare'), await rig.ask('quoted')],
    ['horse', 'battery', 'staple'],
  );
  assert.equal(rig.secrets.redact('connect-token-value horse'), '*** ***');
});

test('what is not there, or there twice, is said', async () => {
  await using server = await connectServer();
  await using rig = await hostWith(server.url);

  assert.match(
    await rig.ask('twice'),
    /^SecretMissing: .*the field "twice" of "Restic" in Home is there 2 times/,
  );
  assert.match(await rig.ask('notes'), /^SecretMissing: .*the field "notes".* is not there, or has no value/);
  assert.match(await rig.ask('absent'), /^SecretMissing: .*has no item "Nothing" that this host may read/);
  assert.match(await rig.ask('elsewhere'), /^SecretMissing: .*has no vault "Away"/);
  assert.match(
    await rig.ask('stray'),
    /^SecretMissing: .*"Somebody", which this host's settings do not allow/,
  );
});

test('a server that does not take the token, is broken or away is down, not empty', async () => {
  await using server = await connectServer([{ status: 401, json: {} }]);
  await using rig = await hostWith(server.url);

  assert.match(
    await rig.ask('restic'),
    /^SecretUnavailable: .*does not accept this host's token \(401\) → make a new token/,
  );
  assert.equal(await rig.ask('restic'), 'horse');
  await server.stop();
  rig.pass(60_000);
  assert.equal(await rig.ask('restic'), 'horse');
  assert.match(rig.secrets.stale('restic')?.message ?? '', /does not answer: .*ECONNREFUSED/);
});

test('a token that others can read is not used', async () => {
  await using server = await connectServer();
  await using rig = await hostWith(server.url);
  await chmod(join(rig.folder, 'connect-token'), 0o644);

  assert.match(await rig.ask('restic'), /^SecretUnavailable: .*connect-token.* → .*chmod/);
  assert.equal(server.asked.length, 0);
});
