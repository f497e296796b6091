import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { backupPolicy, initialised, policyRig } from './policy-rig.ts';

test('a backup goes to a remote of the host settings, and is adopted there again', async () => {
  const cloud = await mkdtemp(join(tmpdir(), 'anchord-cloud-'));
  try {
    const offsite = backupPolicy({ repository: 'rclone:zed:bucket/flux', keep: { last: 1 } });
    const overrides = { remotes: { zed: { type: 'alias', remote: cloud } } };
    await mkdir(join(cloud, 'bucket'));
    await using rig = await initialised(await policyRig({ policies: { offsite }, overrides }), 'offsite');

    const first = await rig.runToEnd('offsite');
    const second = await rig.runToEnd('offsite');
    const again = await rig.engine.init('offsite');

    assert.deepEqual([first.outcome, second.outcome, second.removed], ['ok', 'ok', 1]);
    assert.equal(again.kind, 'adopted');
    assert.deepEqual((await readdir(join(cloud, 'bucket/flux/snapshots'))).length, 1);
    assert.deepEqual(await readdir(join(cloud, 'bucket/flux/locks')), []);
  } finally {
    await rm(cloud, { recursive: true });
  }
});
