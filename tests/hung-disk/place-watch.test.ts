import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PlaceWatch } from '../../daemon/guards/place-watch.ts';
import { withDisks } from '../files/privileges.ts';
import { tempFolder } from '../files/temp-folder.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

const withFuse = {
  skip: process.getuid?.() === 0 && existsSync('/dev/fuse') ? false : 'needs root and /dev/fuse',
};

test('dead disks are silent, and neither the others nor the process wait for them', withFuse, async () => {
  await using folder = await tempFolder('hung');
  const scenario = fileURLToPath(new URL('scenario.js', import.meta.url));

  const child = spawnSync('unshare', ['--mount', process.execPath, scenario, folder.path], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });

  assert.equal(child.status, 0, `${child.signal} ${child.stderr}`);
  assert.deepEqual(JSON.parse(child.stdout), {
    rounds: ['ETIMEDOUT directory ETIMEDOUT'],
    read: true,
    after: false,
  });
});

test(
  'a disk that hangs while it is written to is found, looked at meanwhile, and forgiven',
  withDisks,
  async () => {
    await using folder = await tempFolder('frozen');
    const scenario = fileURLToPath(new URL('frozen-scenario.js', import.meta.url));

    const child = spawnSync('unshare', ['--mount', process.execPath, scenario, folder.path], {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });

    assert.equal(child.status, 0, `${child.signal} ${child.stderr}`);
    assert.deepEqual(JSON.parse(child.stdout), {
      awake: 'written',
      frozen: ['ETIMEDOUT', 'ETIMEDOUT', 'ETIMEDOUT'],
      'a look meanwhile': 'directory',
      'somebody who makes a directory there': 'the file worker stopped: no answer for minutes, noticed',
      thawed: 'written',
      'another disk': 'gone',
      'another sentinel': 'gone',
      'no disk': 'gone',
    });
  },
);

test('whoever asks many places at once gets an answer for each, in whatever state it is', async () => {
  await using folder = await tempFolder('places');
  const watch = new PlaceWatch();

  const seen = await Promise.all(
    [folder.path, `${folder.path}/none`, '/dev/null'].map((place) => watch.look(place)),
  );

  assert.deepEqual(
    seen.map(({ top }) => top.kind),
    ['directory', 'absent', 'not-a-directory'],
  );
  assert.ok((seen[0]?.space?.sizeBytes ?? 0) > 0);
});
