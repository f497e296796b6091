import assert from 'node:assert/strict';
import test from 'node:test';
import { parseSettings } from '../../daemon/settings/load-settings.ts';
import type { HostSettings } from '../../daemon/settings/host-settings.ts';

const LEAST = 'host: motoko\nrepository: { url: /srv/state.git }\n';

test('each kind of identity for Azure takes its own keys, and addresses are https', () => {
  function azure(text: string): string {
    return `${LEAST}secrets: { azure: { ${text} } }\n`;
  }

  assert.equal(good(azure('identity: managed')).secrets.azure?.identity, 'managed');
  for (const [text, fault] of [
    [
      'identity: client-secret, tenant: t, client: c',
      /3:31: secrets\.azure\.identity .*needs clientSecretFile beside it/,
    ],
    [
      'identity: managed, tokenFile: /t',
      /secrets\.azure\.tokenFile means nothing here: .*takes client, identityUrl/,
    ],
    [
      'identity: managed, vaultUrl: "http://kv.example/{vault}"',
      /secrets\.azure\.vaultUrl is .*expected something like https:/,
    ],
    ['identity: managed, vaultUrl: "https://kv.example/"', /secrets\.azure\.vaultUrl is /],
  ] as const)
    assert.match(faults(azure(text)).join('\n'), fault);
});

test('an override of a remote takes texts and files, by names that rclone knows', () => {
  function remote(text: string): string {
    return `${LEAST}overrides: { remotes: { nas: { ${text} } } }\n`;
  }

  assert.deepEqual(good(remote('type: sftp, pass: { file: /p, obscure: true }')).overrides.remotes, {
    nas: { type: 'sftp', pass: { file: '/p', obscure: true } },
  });
  for (const text of [
    'type: sftp, Pass: x',
    'pass: x',
    'type: sftp, pass: { secret: x }',
    'type: sftp, port: 22',
  ])
    assert.notEqual(faults(remote(text)).length, 0, text);
});

function good(text: string): HostSettings {
  const parsed = parseSettings(text, 'f');
  assert.ok(parsed.kind === 'good', parsed.kind === 'bad' ? parsed.faults.join('\n') : '');
  return parsed.settings;
}

function faults(text: string): readonly string[] {
  const parsed = parseSettings(text, 'f');
  return parsed.kind === 'bad' ? parsed.faults : [];
}
