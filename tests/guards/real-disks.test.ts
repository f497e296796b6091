import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withDisks } from '../files/privileges.ts';
import { tempFolder } from '../files/temp-folder.ts';

test('real disks come and go at a mount point, and only the right one passes', withDisks, async () => {
  await using folder = await tempFolder('disks');
  const scenario = fileURLToPath(new URL('disk-scenario.js', import.meta.url));

  const child = spawnSync('unshare', ['--mount', process.execPath, scenario, folder.path], {
    encoding: 'utf8',
  });

  assert.equal(child.status, 0, child.stderr);
  assert.deepEqual(JSON.parse(child.stdout), {
    bare: 'NotMounted',
    'adopting a bare mount point': 'NotMounted',
    'left on the bare mount point': [],
    adopting: 'adopted',
    right: 'passed',
    'another UUID declared': 'WrongIdentity',
    'another file system declared': 'WrongIdentity',
    'too little free': 'BelowMinimumFree',
    'enough free': 'passed',
    'read-only': 'ReadOnly',
    unmounted: 'NotMounted',
    'another disk': 'WrongIdentity',
    'adopting another disk': 'WrongIdentity',
    'a disk of the same label': 'WrongIdentity',
    'the right one on top of it': 'passed',
    'a folder bound there': 'NotMounted',
  });
});
