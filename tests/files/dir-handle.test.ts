import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { DirHandle } from '../../daemon/files/dir-handle.ts';
import { VolumeRig } from './volume-rig.ts';

test('a name that could lead out of a directory is refused before the system sees it', async () => {
  await using rig = await VolumeRig.make();
  using volume = DirHandle.openTrusted(rig.at('/flux'));

  for (const name of ['', '.', '..', '../outside', 'a/b', '/', 'a\0b']) {
    assert.throws(() => volume.lstat(name), /not the name of a directory entry/, JSON.stringify(name));
    assert.throws(() => volume.mkdir(name), /not the name of a directory entry/, JSON.stringify(name));
    assert.throws(() => volume.open(name), /not the name of a directory entry/, JSON.stringify(name));
    assert.throws(() => volume.rename('a', name), /not the name of a directory entry/, JSON.stringify(name));
  }
});

test('a child that is a link is not opened, wherever it leads', async () => {
  await using rig = await VolumeRig.make();
  mkdirSync(rig.at('/flux/real'));
  symlinkSync('real', rig.at('/flux/near'));
  symlinkSync(rig.outside, rig.at('/flux/far'));
  using volume = DirHandle.openTrusted(rig.at('/flux'));

  for (const name of ['near', 'far']) assert.throws(() => volume.open(name), { code: 'ENOTDIR' });
});

test('an open directory stays itself when its path comes to mean another one', async () => {
  await using rig = await VolumeRig.make();
  using volume = DirHandle.openTrusted(rig.at('/flux'));
  renameSync(rig.at('/flux'), rig.at('/was-flux'));
  symlinkSync(rig.outside, rig.at('/flux'));

  volume.mkdir('made');

  assert.deepEqual(readdirSync(rig.at('/was-flux')), ['made']);
});

test('a new directory is its maker’s alone until its mode is set', async () => {
  await using rig = await VolumeRig.make();
  using volume = DirHandle.openTrusted(rig.at('/flux'));

  volume.mkdir('made');

  assert.equal(rig.mode('/flux/made'), 0o700);
});

test('a link is made only where nothing is', async () => {
  await using rig = await VolumeRig.make();
  writeFileSync(rig.at('/flux/file'), 'data');
  using volume = DirHandle.openTrusted(rig.at('/flux'));

  assert.throws(() => volume.symlink('x', 'file'), { code: 'EEXIST' });
});

test('a handle is closed when its block ends', async () => {
  await using rig = await VolumeRig.make();
  const open = readdirSync('/proc/self/fd').length;

  for (let n = 0; n < 50; n++) {
    using volume = DirHandle.openTrusted(rig.at('/flux'));
    volume.stat();
  }

  assert.equal(readdirSync('/proc/self/fd').length, open);
});
