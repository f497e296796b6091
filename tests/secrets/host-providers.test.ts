import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import type { Secret } from '../../state-schema/generated/state-file.ts';
import { providerRig, type ProviderRig } from './provider-rig.ts';

const DECLARED: Readonly<Record<string, Secret>> = Object.fromEntries(
  ['printed', 'environment', 'fails', 'large', 'silent', 'gone', 'constructor'].map((command) => [
    command,
    { from: 'command', command } as const,
  ]),
);

async function commandRig(): Promise<ProviderRig> {
  return await providerRig(DECLARED, (folder) => ({
    allow: {
      secrets: {
        commands: {
          printed: ['sh', '-c', 'cat "$1"', 'sh', join(folder, 'printed')],
          environment: ['sh', '-c', 'env | sed "s/=.*//" | sort | tr "\\n" " "; ls /proc/self/fd | wc -l'],
          fails: [
            'sh',
            '-c',
            'echo half-a-secret; echo "cannot use half-a-secret or horse horse" >&2; exit 3',
          ],
          large: ['sh', '-c', 'yes | head -c 100000'],
          silent: ['true'],
          gone: ['/nonexistent/program'],
        },
      },
    },
  }));
}

test('a command of the host settings prints a secret, without a shell and with next to no environment', async () => {
  await using rig = await commandRig();
  await writeFile(join(rig.folder, 'printed'), 'horse\n');

  assert.equal(await rig.ask('printed'), 'horse');
  assert.match(await rig.ask('environment'), /^HOME PATH (?:OLDPWD )?(?:PWD )?(?:SHLVL )?(?:_ )?\d+$/);
});

test('what a failing command says is told without what it printed, and the last value goes on', async () => {
  await using rig = await commandRig();
  await writeFile(join(rig.folder, 'printed'), 'horse horse\n');
  await rig.ask('printed');

  const said = await rig.ask('fails');

  assert.match(
    said,
    /^SecretUnavailable: .*"fails" ended with 3 and said: cannot use \*\*\* or \*\*\* → run it by hand/,
  );

  await writeFile(join(rig.folder, 'printed'), 'rotated horse\n');
  assert.equal(await rig.ask('printed'), 'horse horse', 'asked again after a minute');
  rig.pass(60_000);
  assert.equal(await rig.ask('printed'), 'rotated horse');
});

test('a command that prints nothing or too much, is not there, or is not allowed gives no secret', async () => {
  await using rig = await commandRig();

  assert.match(await rig.ask('large'), /^SecretMissing: .*printed more than 65536 characters/);
  assert.match(await rig.ask('silent'), /^SecretMissing: .*what the command "silent" prints is empty/);
  assert.match(await rig.ask('gone'), /^SecretUnavailable: .*the command "gone" is not there/);
  assert.match(await rig.ask('constructor'), /^SecretMissing: .*do not allow → add allow: .*commands/);
});

test('a credential of systemd is read from its folder, under its own name or another', async () => {
  const declared = {
    restic: { from: 'systemd-credential' },
    other: { from: 'systemd-credential', name: 'b2.key' },
    absent: { from: 'systemd-credential' },
    open: { from: 'systemd-credential' },
  } as const;
  await using rig = await providerRig(declared, (folder) => ({
    credentialsDir: join(folder, 'credentials'),
  }));
  const folder = join(rig.folder, 'credentials');
  await mkdir(folder);
  await writeFile(join(folder, 'restic'), 'horse\n', { mode: 0o400 });
  await writeFile(join(folder, 'b2.key'), 'battery', { mode: 0o400 });
  await writeFile(join(folder, 'open'), 'x');
  await chmod(join(folder, 'open'), 0o666);

  assert.deepEqual([await rig.ask('restic'), await rig.ask('other')], ['horse', 'battery']);
  assert.match(
    await rig.ask('absent'),
    /^SecretMissing: .*no credential absent → add LoadCredential=absent:/,
  );
  assert.match(await rig.ask('open'), /^SecretRefused: /);

  await using bare = await providerRig(declared, () => ({}));
  assert.match(await bare.ask('restic'), /^SecretMissing: .*was not given credentials by systemd/);
});
