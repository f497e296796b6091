import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { soon } from '../rig/soon.ts';
import { killed, slowRestic, spawnRestic, wholeLocks } from './lock-holders.ts';
import { NEWER_RESTIC, WITHOUT_NEWER } from './newer-restic.ts';
import { backupPolicy, initialised, policyRig, RESTIC_DIR } from './policy-rig.ts';

const WITHOUT_UTS = process.getuid?.() === 0 ? false : 'only root can have a host name of its own';

test(
  'locks of dead processes go, the one of another host stays and is respected',
  { skip: WITHOUT_UTS },
  async () => {
    await using rig = await initialised(
      await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) }, lockWaitMs: 1_000 }),
    );
    rig.setTime(new Date().toISOString()); // that of the locks
    await rig.runToEnd('local');
    await killed(await slowRestic(rig));
    await killed(await slowRestic(rig));
    await killed(await slowRestic(rig, { host: 'elsewhere' }));
    assert.equal(wholeLocks(rig).length, 3);

    const run = await rig.runToEnd('local');

    assert.deepEqual([run.outcome, run.reason], ['ok', 'ForgetFailed']);
    assert.match(run.message ?? '', /locked by process \d+ on elsewhere/);
    assert.equal(wholeLocks(rig).length, 1);
  },
);

for (const [version, resticDir, skip] of [
  ['the installed restic', RESTIC_DIR, false],
  ['restic 0.18', NEWER_RESTIC ?? RESTIC_DIR, WITHOUT_NEWER],
] as const) {
  test(
    `an exclusive lock that a killed ${version} left does not stop everything for ever`,
    { skip },
    async () => {
      await using rig = await initialised(await policyRig({ resticDir }));
      await writeFile(join(rig.root, 'flux/random'), randomBytes(2_000_000));
      await rig.runToEnd('local');
      const check = spawnRestic(rig, { resticDir, args: ['check', '--read-data', '--limit-download=5'] });
      await soon(() => wholeLocks(rig).length > 0, 'restic has its lock');
      await killed(check);

      const run = await rig.runToEnd('local');

      assert.deepEqual([run.outcome, run.reason], ['ok', undefined], run.message);
      assert.deepEqual(wholeLocks(rig), []);
    },
  );
}
