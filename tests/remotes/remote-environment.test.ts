import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { runRclone } from '../../daemon/commands/rclone.ts';
import { parseRcloneLog } from '../../daemon/commands/rclone-log.ts';
import { remoteEnvironment, type RemoteSources } from '../../daemon/remotes/remote-environment.ts';
import { Secrets } from '../../daemon/secrets/secrets.ts';
import type { OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { HostState } from '../../state-schema/host-state.ts';

const STATE: Pick<HostState, 'remotes' | 'secrets'> = {
  remotes: {
    b2: { type: 'b2', account: { secret: 'id' }, key: { secret: 'key' } },
    s3: {
      type: 's3',
      provider: 'Wasabi',
      accessKeyId: 'AKIA',
      secretAccessKey: { secret: 'key' },
      endpoint: 'https://s3.wasabisys.com',
      storageClass: 'STANDARD',
    },
    lost: { type: 'b2', account: 'literal', key: { secret: 'absent' } },
  },
  secrets: {
    id: { from: 'env-file', file: 'credentials', key: 'ID' },
    key: { from: 'env-file', file: 'credentials', key: 'KEY' },
  },
};

async function inFolder(
  overrides: (folder: string) => OverrideSettings['remotes'],
  use: (sources: RemoteSources, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-remotes-'));
  try {
    await writeFile(join(folder, 'credentials'), 'ID=the-id\nKEY=the-key\n', { mode: 0o600 });
    await writeFile(join(folder, 'password'), 'plain horse\n', { mode: 0o600 });
    const allow = { secrets: { files: { credentials: '/credentials' } } };
    const secrets = new Secrets({ allow, root: folder });
    const path = process.env['PATH'] ?? '';
    await use(
      {
        state: STATE,
        overrides: { remotes: overrides(folder) ?? {} },
        secrets,
        stateDir: join(folder, 'state'),
        path,
      },
      folder,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a remote of the state repo becomes the variables of one child, and its secrets are known', async () => {
  await inFolder(
    () => ({}),
    async (sources) => {
      const b2 = await remoteEnvironment('b2', sources);
      const s3 = await remoteEnvironment('s3', sources);

      assert.deepEqual(b2.kind === 'remote' && b2.variables, {
        RCLONE_CONFIG_B2_TYPE: 'b2',
        RCLONE_CONFIG_B2_ACCOUNT: 'the-id',
        RCLONE_CONFIG_B2_KEY: 'the-key',
      });
      assert.deepEqual(b2.kind === 'remote' && b2.secrets.map((one) => one.reveal()), ['the-id', 'the-key']);
      assert.deepEqual(s3.kind === 'remote' && s3.variables, {
        RCLONE_CONFIG_S3_TYPE: 's3',
        RCLONE_CONFIG_S3_PROVIDER: 'Wasabi',
        RCLONE_CONFIG_S3_ACCESS_KEY_ID: 'AKIA',
        RCLONE_CONFIG_S3_SECRET_ACCESS_KEY: 'the-key',
        RCLONE_CONFIG_S3_ENDPOINT: 'https://s3.wasabisys.com',
        RCLONE_CONFIG_S3_STORAGE_CLASS: 'STANDARD',
      });
    },
  );
});

test('a remote that cannot be had says why', async () => {
  await inFolder(
    () => ({ half: { type: 'sftp', pass: { file: '/nonexistent/password' } } }),
    async (sources) => {
      async function reason(name: string): Promise<string> {
        const found = await remoteEnvironment(name, sources);
        return found.kind === 'fault' ? `${found.fault.reason}: ${found.fault.message}` : 'no fault';
      }

      assert.match(await reason('lost'), /^SecretMissing: the secret absent cannot be had/);
      assert.match(await reason('constructor'), /^RemoteMissing: there is no remote "constructor"/);
      assert.match(
        await reason('half'),
        /^SecretMissing: the remote half cannot be used \(overrides\.remotes\.half\.pass\)/,
      );
    },
  );
});

test('a remote of the host settings replaces one of the state repo, brings those it lies on, and works', async () => {
  await inFolder(
    (folder) => ({
      b2: {
        type: 'crypt',
        remote: 'below:vault',
        password: { file: join(folder, 'password'), obscure: true },
      },
      below: { type: 'alias', remote: join(folder, 'cloud') },
    }),
    async (sources, folder) => {
      await mkdir(join(folder, 'cloud/vault'), { recursive: true });
      await writeFile(join(folder, 'a file'), 'hello');
      const found = await remoteEnvironment('b2', sources);
      assert.ok(found.kind === 'remote', found.kind === 'fault' ? found.fault.message : '');
      const place = {
        stateDir: sources.stateDir,
        path: sources.path,
        remotes: found.variables,
        redact: (text: string) => text,
      };
      const lines: string[] = [];

      const copied = await runRclone(place, {
        args: ['copyto', join(folder, 'a file'), 'b2:a file'],
        progress: true,
        bandwidth: 10_000_000,
        onLogLine: (line) => lines.push(line),
      });
      const listed = await runRclone(place, { args: ['lsf', 'b2:'] });

      assert.equal(copied.code, 0, copied.stderr);
      assert.equal(listed.stdout, 'a file\n', listed.stderr);
      const last = parseRcloneLog(lines.at(-1) ?? '');
      assert.deepEqual(last.kind === 'stats' && [last.stats.bytes > 0, last.stats.errors], [true, 0]);
      assert.deepEqual(
        found.secrets.map((one) => one.reveal() === 'plain horse'),
        [true, false],
      );
    },
  );
});
