import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { sentinelText } from '../../daemon/files/sentinel.ts';
import { FolderVolume } from './folder-volume.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

const SENTINEL = { volume: 'flux', id: 'id-1', host: 'motoko' };
const TERABYTE = 2 ** 40;

test('a folder with its sentinel is seen as what it is', async () => {
  await using volume = await FolderVolume.make();
  writeFileSync(volume.sentinel, sentinelText(SENTINEL));
  const device = statSync(volume.top).dev;
  const { ino, ctimeNs } = statSync(volume.sentinel, { bigint: true });

  assert.deepEqual(await volume.look(), {
    top: { kind: 'directory', device, parentDevice: device },
    sentinel: { kind: 'read', value: SENTINEL, stamp: `${device}:${ino}:${ctimeNs}` },
  });
});

test('without a sentinel, or without even a folder, that is what is seen', async () => {
  await using volume = await FolderVolume.make();
  assert.deepEqual((await volume.look()).sentinel, { kind: 'absent' });

  rmdirSync(volume.top);
  assert.deepEqual(await volume.look(), { top: { kind: 'absent' }, sentinel: { kind: 'absent' } });
});

test('a link or a file in the place of the mount point is no volume, wherever it leads', async () => {
  for (const plant of [(top: string) => symlinkSync('/tmp', top), (top: string) => writeFileSync(top, '')]) {
    await using volume = await FolderVolume.make();
    rmdirSync(volume.top);
    plant(volume.top);
    assert.deepEqual((await volume.look()).top, { kind: 'not-a-directory' });
  }
});

test('a sentinel that is a link is not followed, also when it leads to a right one', async () => {
  await using volume = await FolderVolume.make();
  writeFileSync(join(volume.top, 'copy'), sentinelText(SENTINEL));
  symlinkSync('copy', volume.sentinel);

  assert.deepEqual((await volume.look()).sentinel, { kind: 'unreadable' });
});

test('a planted pipe or socket is not waited for', { timeout: PATIENCE_MS }, async () => {
  await using volume = await FolderVolume.make();
  assert.equal(spawnSync('mkfifo', [volume.sentinel]).status, 0);
  assert.deepEqual((await volume.look()).sentinel, { kind: 'unreadable' });

  await using other = await FolderVolume.make();
  const server = createServer().listen(other.sentinel);
  await once(server, 'listening');
  assert.deepEqual((await other.look()).sentinel, { kind: 'unreadable' });
  server.close();
});

test('a planted file of a terabyte is not read', { timeout: PATIENCE_MS }, async () => {
  await using volume = await FolderVolume.make();
  writeFileSync(volume.sentinel, sentinelText(SENTINEL));
  truncateSync(volume.sentinel, TERABYTE);

  assert.deepEqual((await volume.look()).sentinel, { kind: 'unreadable' });
});

test('a directory or bytes that are no text in its place are no sentinel', async () => {
  await using volume = await FolderVolume.make();
  writeFileSync(volume.sentinel, Buffer.from([0xff, 0xfe, 0, 1]));
  assert.deepEqual((await volume.look()).sentinel, { kind: 'unreadable' });

  await using other = await FolderVolume.make();
  assert.equal(spawnSync('mkdir', [other.sentinel]).status, 0);
  assert.deepEqual((await other.look()).sentinel, { kind: 'unreadable' });
});
