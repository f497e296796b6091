import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { run } from '../../daemon/process/run.ts';
import { parseEnvFile } from '../../daemon/secrets/env-file.ts';
import { openSecretDescriptor } from '../../daemon/secrets/secret-fd.ts';
import { SecretValue } from '../../daemon/secrets/secret-value.ts';
import { Secrets, type ResolvedSecret, type SecretsPlace } from '../../daemon/secrets/secrets.ts';
import type { Secret } from '../../state-schema/generated/state-file.ts';

test('a secret prints as *** wherever it ends up, and is revealed only when asked', () => {
  const secret = new SecretValue('hunter2');

  const printed = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    format('%s %o %j', secret, secret, secret),
  ];

  for (const text of printed) {
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /\*\*\*/);
  }
  assert.equal(secret.reveal(), 'hunter2');
});

test('an env file is read as a shell reads it', () => {
  const text =
    '# c\n; d\n\nA=plain value \nexport B="q \\" \\$x \\n"\nC=\'l $x\'\r\nA2=\n not a line\nD=1\nD=2\nE="open\n';

  assert.deepEqual(Object.fromEntries(parseEnvFile(text)), {
    A: 'plain value',
    B: 'q " $x \\n',
    C: 'l $x',
    A2: '',
    D: '2',
    E: '"open',
  });
});

test('a secret of an env file is found below the root, by the name the host settings give the file', async () => {
  await withSecrets(async ({ sources, put }) => {
    await put('etc/credentials', 'RESTIC_PASSWORD=pw\n');

    const result = await resolveSecret('restic', sources);

    assert.equal(result.kind === 'resolved' && result.value.reveal(), 'pw');
  });
});

test('a file secret is its content without the last line end', async () => {
  await withSecrets(async ({ sources, put }) => {
    await put('etc/token', ' two\nlines\n\n');

    const result = await resolveSecret('token', sources);

    assert.equal(result.kind === 'resolved' && result.value.reveal(), ' two\nlines\n');
  });
});

test('an override replaces what the state repo says, whatever its provider', async () => {
  await withSecrets(async ({ sources, put }) => {
    const file = await put('generated', 'x');

    const result = await resolveSecret('vaulted', {
      ...sources,
      overrides: { secrets: { vaulted: { file } } },
    });

    assert.equal(result.kind === 'resolved' && result.value.reveal(), 'x');
  });
});

test('what cannot be had says which secret, where it was looked for, and what to do', async () => {
  await withSecrets(async ({ sources, put, folder }) => {
    await put('etc/credentials', 'OTHER=1\nEMPTY=\n');
    await put('etc/token', '\n');
    const declared = {
      ...sources.declared,
      empty: { from: 'env-file', file: 'credentials', key: 'EMPTY' },
    } as const;
    const all = { ...sources, declared };

    async function faultOf(name: string): Promise<string> {
      return fault(await resolveSecret(name, all));
    }

    assert.match(
      await faultOf('restic'),
      /^SecretMissing: the secret restic .*credentials has no line RESTIC_PASSWORD.* → add RESTIC_PASSWORD=/,
    );
    assert.match(await faultOf('empty'), /^SecretMissing: .*empty EMPTY/);
    assert.match(
      await faultOf('token'),
      new RegExp(`^SecretMissing: .*${folder}/etc/token \\(file\\) is empty`),
    );
    assert.match(await faultOf('absent'), /^SecretMissing: .*\/etc\/absent does not exist → create /);
    assert.match(await faultOf('stray'), /^SecretMissing: .*"shadow".*do not allow → add allow:/);
    assert.match(
      await faultOf('vaulted'),
      /^SecretMissing: .*the vault "kv", which this host's settings do not allow → add allow: /,
    );
    assert.match(await faultOf('constructor'), /^SecretMissing: .*not declared/);
    assert.match(await faultOf('undeclared'), /^SecretMissing: .*not declared/);
  });
});

test('a secret file that others can write or own is refused', async () => {
  await withSecrets(async ({ sources, put }) => {
    const file = await put('etc/token', 'x');
    for (const mode of [0o620, 0o602]) {
      await chmod(file, mode);
      assert.match(
        fault(await resolveSecret('token', sources)),
        /^SecretRefused: .*mode 06[02]{2}.* → .*chmod 0600/,
      );
    }
    await chmod(file, 0o600);
    await chown(file, 65_534, 65_534);

    assert.match(fault(await resolveSecret('token', sources)), /^SecretRefused: .*uid 65534/);
  });
});

test('a FIFO or a folder in the place of a secret file is refused without waiting', async () => {
  await withSecrets(async ({ sources, folder }) => {
    await new Promise((resolve) => execFile('mkfifo', [join(folder, 'etc/token')], resolve));
    assert.match(fault(await resolveSecret('token', sources)), /^SecretRefused: .*not a regular file/);

    await mkdir(join(folder, 'etc/credentials'));
    assert.match(fault(await resolveSecret('restic', sources)), /^SecretRefused: .*not a regular file/);
  });
});

test('a child reads the secret from the descriptor, several times, and no file with a name ever exists', async () => {
  const before = await readdir('/dev/shm');
  await using descriptor = await openSecretDescriptor(new SecretValue('from memory'), []);

  const result = await run({
    program: 'sh',
    args: ['-c', 'cat /dev/fd/3; cat /dev/fd/3; stat -L -c %a /dev/fd/3'],
    env: { PATH: '/usr/bin:/bin' },
    fds: [descriptor.fd],
  });

  assert.equal(result.stdout, 'from memoryfrom memory600\n');
  assert.deepEqual(await readdir('/dev/shm'), before);
});

interface Sources extends SecretsPlace {
  readonly declared: Readonly<Record<string, Secret>>;
}

/** Each time as a daemon that has just started. */
function resolveSecret(name: string, { declared, ...place }: Sources): Promise<ResolvedSecret> {
  return new Secrets(place).resolve(name, declared);
}

interface Rig {
  readonly folder: string;
  readonly sources: Sources;
  readonly put: (path: string, content: string) => Promise<string>;
}

async function withSecrets(body: (rig: Rig) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-secrets-'));
  const sources: Sources = {
    root: folder,
    declared: {
      restic: { from: 'env-file', file: 'credentials', key: 'RESTIC_PASSWORD' },
      token: { from: 'file', file: 'token' },
      absent: { from: 'file', file: 'absent' },
      stray: { from: 'file', file: 'shadow' },
      vaulted: { from: 'azure-key-vault', vault: 'kv' },
    },
    allow: {
      secrets: { files: { credentials: '/etc/credentials', token: '/etc/token', absent: '/etc/absent' } },
    },
  };
  await mkdir(join(folder, 'etc'));
  try {
    await body({
      folder,
      sources,
      async put(path, content) {
        const file = join(folder, path);
        await writeFile(file, content, { mode: 0o600 });
        return file;
      },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fault(result: ResolvedSecret): string {
  if (result.kind === 'resolved') return `resolved: ${result.value.reveal()}`;
  return `${result.fault.reason}: ${result.fault.message} → ${result.fault.next}`;
}
