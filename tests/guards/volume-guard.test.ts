import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { guardPath } from '../../daemon/guards/guard-path.ts';
import { guardVolumes, volumeOf } from '../../daemon/guards/volume-guard.ts';
import { FolderVolume } from './folder-volume.ts';

const volumes = { flux: { mount: '/flux' }, deep: { mount: '/flux/deep' }, other: { mount: '/fluxus' } };

test('a path lies on the volume with the longest mount point above it, and a shared beginning is not enough', () => {
  assert.equal(volumeOf('/flux', volumes)?.name, 'flux');
  assert.equal(volumeOf('/flux/a', volumes)?.name, 'flux');
  assert.equal(volumeOf('/flux/deep/a', volumes)?.name, 'deep');
  assert.equal(volumeOf('/flux/deeper', volumes)?.name, 'flux');
  assert.equal(volumeOf('/fluxus/a', volumes)?.name, 'other');
  assert.equal(volumeOf('/flu', volumes), undefined);
  assert.equal(volumeOf('/', volumes), undefined);
});

test('one volume that fails does not hide the others', async () => {
  await using volume = await FolderVolume.make();
  await volume.adopt();

  const guarded = await guardVolumes({ gone: { mount: '/gone' }, flux: { mount: '/flux' } }, volume.parts);

  assert.deepEqual(
    guarded.map(({ name, verdict }) => [name, verdict.kind]),
    [
      ['gone', 'failed'],
      ['flux', 'passed'],
    ],
  );
});

test('a path may be used while its guard passes, and not a moment longer', async () => {
  await using volume = await FolderVolume.make();
  await volume.adopt();
  const question = { path: '/flux/a', use: 'write', volumes: { flux: { mount: '/flux' } } } as const;

  assert.equal(await guardPath(question, volume.parts), undefined);
  rmSync(volume.sentinel);
  assert.equal((await guardPath(question, volume.parts))?.reason, 'SentinelMissing');
});

test('a path on no declared volume may never be used', async () => {
  await using volume = await FolderVolume.make();

  const fault = await guardPath({ path: '/etc/passwd', use: 'read', volumes: {} }, volume.parts);

  assert.equal(fault?.reason, 'GuardFailed');
});
