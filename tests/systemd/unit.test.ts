import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const UNIT = fileURLToPath(new URL('../../../systemd/anchord.service', import.meta.url));
const text = readFileSync(UNIT, 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'anchord-unit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('systemd-analyze verify finds nothing in the unit', () => {
  // The program it starts is not installed here.
  const unit = join(folder, 'anchord.service');
  writeFileSync(unit, text.replace('/usr/bin/anchord run', '/bin/true run'));

  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });

  assert.deepEqual([stdout, stderr, status], ['', '', 0]);
});

test('the unit makes no mount namespace, in which disks would stay busy and new ones unseen', () => {
  const makes =
    /^(PrivateTmp|PrivateDevices|PrivateMounts|ProtectSystem|ProtectHome|ProtectKernel\w+|ProtectControlGroups|ProtectProc|ReadOnlyPaths|ReadWritePaths|InaccessiblePaths|BindPaths|TemporaryFileSystem|RootDirectory|DynamicUser)=/m;

  assert.doesNotMatch(text, makes);
});

test('every line of the unit that is not plain is explained by one before it', () => {
  const plain = /^(\[|Description=|ExecStart=|WantedBy=|$)/;
  const lines = text.split('\n');
  const blocks = lines.join('\n').split('\n\n');

  for (const block of blocks) {
    const settings = block.split('\n').filter((line) => !line.startsWith('#') && !plain.test(line));
    if (settings.length > 0) assert.match(block, /^#/m, block);
  }
});
