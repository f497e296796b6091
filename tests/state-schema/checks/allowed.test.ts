import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AllowSettings } from '../../../state-schema/generated/host-settings.ts';
import { inShort, problemsWith } from '../state-files.ts';

const ALLOWED: AllowSettings = {
  secrets: { files: { passwords: '/etc/anchord/passwords' }, vaults: ['kv-home'] },
};

test('without host settings nothing is said of what they allow', () => {
  assert.deepEqual(problemsWith('secrets:\n  x: { from: command, command: anything }\n'), []);
});

test('what the host settings name may be used', () => {
  assert.deepEqual(problemsWith('', ALLOWED), []);
});

test('files, vaults and commands that they do not name are refused', () => {
  const problems = problemsWith(
    [
      'secrets:',
      '  a: { from: env-file, file: shadow, key: ROOT }',
      '  b: { from: azure-key-vault, vault: kv-work }',
      '  c: { from: command, command: id }',
      '  d: { from: onepassword, vault: Private, item: x }',
      '  e: { from: file, file: constructor }',
      '  f: { from: systemd-credential }',
    ].join('\n'),
    ALLOWED,
  );

  assert.deepEqual(problems.map(inShort), [
    'hosts/nas/more.yaml:2:30 forbidden',
    'hosts/nas/more.yaml:3:38 forbidden',
    'hosts/nas/more.yaml:4:32 forbidden',
    'hosts/nas/more.yaml:5:34 forbidden',
    'hosts/nas/more.yaml:6:26 forbidden',
  ]);
  assert.match(problems[0]?.message ?? '', /allow\.secrets\.files in the host settings/);
});

test('a freeze hook that they do not name is refused', () => {
  const yaml =
    'policies:\n  b: { kind: backup, source: /data, repository: /vault/b, password: { secret: repo-password }, schedule: "0 0 * * *", freeze: database }\n';

  assert.match(problemsWith(yaml, ALLOWED)[0]?.message ?? '', /allow\.hooks/);
  assert.deepEqual(
    problemsWith(yaml, { ...ALLOWED, hooks: { database: { before: ['/bin/true'], after: ['/bin/true'] } } }),
    [],
  );
});

test('directories belong to root, to declared users or to those the settings name', () => {
  const yaml = 'directories:\n  /data/x: { owner: www-data, group: media }\n';

  assert.deepEqual(problemsWith(yaml, ALLOWED).map(inShort), [
    'hosts/nas/more.yaml:2:21 forbidden',
    'hosts/nas/more.yaml:2:38 forbidden',
  ]);
  assert.deepEqual(problemsWith(yaml, { ...ALLOWED, users: ['www-data', 'media'] }), []);
});

test('a mount that is refused elsewhere may be one that the settings name', () => {
  const yaml = 'volumes:\n  v: { mount: /home/media, label: v }\n';

  assert.deepEqual(
    problemsWith(yaml, ALLOWED).map(({ code }) => code),
    ['forbidden'],
  );
  assert.deepEqual(problemsWith(yaml, { ...ALLOWED, volumes: ['/home/media'] }), []);
});
