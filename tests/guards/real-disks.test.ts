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

test('whatever comes over a disk is called by its name, and over when it is over', withDisks, async () => {
  await using folder = await tempFolder('trouble');
  const scenario = fileURLToPath(new URL('trouble-scenario.js', import.meta.url));

  const child = spawnSync('unshare', ['--mount', process.execPath, scenario, folder.path], {
    encoding: 'utf8',
  });

  assert.equal(child.status, 0, child.stderr);
  assert.deepEqual(JSON.parse(child.stdout), {
    adopting: 'adopted',
    'what 25 looks read and write': 'nothing',
    writable: 'passed',
    'an attempt to write': 'reaches the disk',
    'what it leaves': 'nothing',
    'a copy of the sentinel on a disk of the same label': 'failed: WrongIdentity',
    'beside the twin': 'passed',
    'the twin moved on top of it': 'failed: WrongIdentity',
    'moved away': 'failed: NotMounted',
    'moved back': 'passed',
    'a disk that only the host sees': {
      before: 'passed',
      'unmounted here alone': 'failed: NotMounted',
      'another one here': 'it runs in a mount namespace of its own',
    },
    'below a folder of the same disk that is bound there': 'WrongIdentity',
    'beside it': 'passed',
    'an error, then continue': 'failed: DiskErrors',
    'checked after continue': 'passed',
    'an error, then remount-ro': 'failed: DiskErrors',
    'checked after remount-ro': 'passed',
    'read-only': 'failed: ReadOnly',
    'writable again': 'passed',
    'enough is free': 'passed',
    'too little is free': 'full: BelowMinimumFree',
    'reading it then': 'passed',
    'deleting there then': 'passed',
    'writing there then': 'BelowMinimumFree',
    'a little more than the minimum': 'full: BelowMinimumFree',
    'room again': 'passed',
    'not a byte is free, and no minimum is declared': 'full: BelowMinimumFree',
    'adopting it then': 'NoSpace',
    'what of that is left': ['.anchord-volume'],
    'and room again': 'passed',
    'unplugged, before reading on it': 'InputOutputError',
    'unplugged, before writing to it': 'not to be touched',
    'unplugged, afterwards': 'not to be touched',
    'what lies on the bare mount point': [],
  });
});
