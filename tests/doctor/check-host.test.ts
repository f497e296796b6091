import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { stringify } from 'yaml';
import { checkHost } from '../../daemon/doctor/check-host.ts';
import type { Finding } from '../../daemon/programs/check-programs.ts';
import type { HostSettingsFile } from '../../state-schema/generated/host-settings.ts';
import { SigningKeys } from '../rig/signing-keys.ts';

test('ssh and what checks signatures are asked for where the host settings need them, and only there', async () => {
  await using place = await Place.make();
  using keys = new SigningKeys();
  const signers = keys.allow('signers', keys.ssh('anna').line);

  const plain = await place.findings({ url: '/srv/state.git' });
  const overSsh = await place.findings({
    url: 'ssh://git@example.org/state.git',
    credentials: { keyFile: '/nonexistent/key', knownHostsFile: '/nonexistent/hosts' },
  });
  const signed = await place.findings({ url: '/srv/state.git', verify: 'signed', allowedSigners: signers });

  assert.deepEqual(namedIn(plain), []);
  assert.deepEqual(namedIn(overSsh), ['ssh']);
  assert.deepEqual(namedIn(signed), ['ssh-keygen']);
  assert.ok(signed.some(({ message }) => message === 'the allowed signers can be used'));
});

test('a file that the host settings name and nobody put there is bad, with what to do', async () => {
  await using place = await Place.make();
  const missing = join(place.folder, 'missing');

  const findings = await place.findings(
    {
      url: 'https://example.org/state.git',
      credentials: { passwordFile: missing },
      webhookSecret: missing,
      verify: 'signed',
      allowedSigners: missing,
    },
    { signingKey: missing },
  );

  const bad = findings.filter(({ message }) => message.includes(missing));
  assert.equal(bad.length, 4);
  for (const { level, remedy } of bad) assert.deepEqual([level, typeof remedy], ['bad', 'string']);
});

test('without host settings the programs are looked at all the same', async () => {
  await using place = await Place.make();

  const findings = await checkHost({
    file: join(place.folder, 'none.yaml'),
    path: place.folder,
    runtimeDir: undefined,
  });

  assert.ok(findings.some(({ message }) => message.startsWith('git is not installed')));
  assert.match(findings.at(-1)?.message ?? '', /none\.yaml do not exist/);
});

function namedIn(findings: readonly Finding[]): readonly string[] {
  const programs = findings.map(({ message }) => /^(\S+) is not installed/.exec(message)?.[1] ?? '');
  return programs.filter((name) => ['ssh', 'ssh-keygen', 'gpg'].includes(name));
}

/** A folder with host settings in it, and no program at all. */
class Place implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'anchord-doctor-')));
  }

  async findings(
    repository: HostSettingsFile['repository'],
    status: NonNullable<HostSettingsFile['status']> = {},
  ): Promise<readonly Finding[]> {
    const file = join(this.folder, 'anchord.yaml');
    const stateDir = join(this.folder, 'state');
    const settings: HostSettingsFile = { host: 'motoko', repository, status, stateDir };
    await writeFile(file, stringify(settings), { mode: 0o600 });
    return checkHost({ file, path: this.folder, runtimeDir: undefined });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
