import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { OverrideRemote } from '../../state-schema/generated/host-settings.ts';
import { faultProxy, type FaultProxy } from '../rig/fault-proxy.ts';
import { rcloneServer } from '../rig/rclone-server.ts';
import { backupPolicy, initialised, policyRig, type PolicyRig } from './policy-rig.ts';

const SERVER_PASSWORD = 'what the server knows us by';

interface Site {
  readonly cloud: string;
  readonly secret: string;
  readonly line: FaultProxy;
  readonly rig: PolicyRig;
}

/** A host that backs up to a server of rclone, over a line that a test breaks. */
async function withServer(
  protocol: 'webdav' | 'restic',
  about: { readonly repository: string; readonly remote: (url: string, file: string) => OverrideRemote },
  body: (site: Site) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-server-'));
  try {
    const cloud = join(folder, 'cloud');
    const secret = join(folder, 'secret');
    await mkdir(cloud);
    await writeFile(secret, `${SERVER_PASSWORD}\n`, { mode: 0o600 });
    await using server = await rcloneServer(protocol, cloud, { user: 'us', password: SERVER_PASSWORD });
    await using line = await faultProxy(server.port);
    const offsite = backupPolicy({ repository: about.repository });
    const nas = about.remote(`http://127.0.0.1:${line.port}/`, secret);
    await using rig = await policyRig({ policies: { offsite }, overrides: { remotes: { nas } } });
    await body({ cloud, secret, line, rig });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Outcome, reason and message of a run now. */
async function runNow({ rig }: Site): Promise<string> {
  const { outcome, reason = '', message = '' } = await rig.runToEnd('offsite');
  return `${outcome} ${reason}: ${message}`;
}

test('restic speaks to a rest server by itself, signed in by a file of the host', async () => {
  const about = {
    repository: 'rest:nas:flux',
    remote: (url: string, file: string) => ({ type: 'rest', url, user: 'us', pass: { file } }),
  };
  await withServer('restic', about, async (site) => {
    const { cloud, secret, line, rig } = site;
    await initialised(rig, 'offsite');

    assert.match(await runNow(site), /^ok /);
    assert.equal((await readdir(join(cloud, 'flux/snapshots'))).length, 1);
    assert.deepEqual(await readdir(join(cloud, 'flux/locks')), []);

    await writeFile(secret, 'another', { mode: 0o600 });
    assert.match(
      await runNow(site),
      /^failed AuthenticationFailed: the remote nas did not accept the credentials/,
    );
    await writeFile(secret, SERVER_PASSWORD, { mode: 0o600 });
    line.fault = { kind: 'refuse' };
    assert.match(
      await runNow(site),
      /^failed RemoteUnreachable: the remote nas does not answer \(nas:flux\)/,
    );
    line.fault = { kind: 'answer', status: '503 Service Unavailable' };
    assert.match(await runNow(site), /^failed RemoteUnreachable: /);
    line.fault = { kind: 'pass' };

    const said = JSON.stringify([rig.events, await rig.store.runs({ policy: 'offsite', limit: 9 })]);
    assert.doesNotMatch(said, /what the server knows us by|what%20the%20server/);
  });
});

test('a backup over webdav outlives a line that breaks, and says what is wrong when it stays broken', async () => {
  const about = {
    repository: 'rclone:nas:bucket/flux',
    remote: (url: string, file: string) => ({
      type: 'webdav',
      url,
      vendor: 'other',
      user: 'us',
      pass: { file, obscure: true },
    }),
  };
  await withServer('webdav', about, async (site) => {
    const { secret, line, rig } = site;
    await initialised(rig, 'offsite');
    await writeFile(join(rig.root, 'flux/large'), randomBytes(3_000_000));

    line.fault = { kind: 'cut', afterBytes: 500_000, times: 2 };
    assert.match(await runNow(site), /^ok /);
    assert.equal(line.broken, 2);
    line.fault = { kind: 'refuse' };
    assert.match(await runNow(site), /^failed RemoteUnreachable: /);
    line.fault = { kind: 'pass' };
    await writeFile(secret, 'another', { mode: 0o600 });
    assert.match(await runNow(site), /^failed AuthenticationFailed: /);
  });
});
