import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { backupPolicy, initialised, PASSWORD, policyRig, RESTIC_DIR, type PolicyRig } from './policy-rig.ts';
import { soon } from '../rig/soon.ts';

test('the lock of a dead restic of this host is put away, once, and the backup forgets as usual', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  const child = await slowRestic(rig);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  assert.equal((await readdir(join(rig.root, 'space/repo/locks'))).length, 1);

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason, run.removed], ['ok', undefined, 1]);
  assert.deepEqual(await readdir(join(rig.root, 'space/repo/locks')), []);
});

test('the lock of a living restic is respected: the backup is good, forgetting says that it could not', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) }, lockWaitMs: 1_000 }),
  );
  await rig.runToEnd('local');
  const child = await slowRestic(rig);
  const exit = once(child, 'exit');

  const run = await rig.runToEnd('local');
  const [status] = await rig.engine.statuses(new Date('2026-11-21T12:00:00Z'));
  child.kill('SIGINT');
  await exit;

  assert.deepEqual([run.outcome, run.reason], ['ok', 'ForgetFailed']);
  assert.match(run.message ?? '', new RegExp(`locked by process ${child.pid}`));
  assert.equal(status?.state, 'partial');
});

/** A restic that has locked the repository and takes its time. */
async function slowRestic(rig: PolicyRig): Promise<ReturnType<typeof spawn>> {
  const file = join(rig.folder, 'slow');
  await writeFile(file, randomBytes(2_000_000));
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: rig.folder,
    RESTIC_PASSWORD: PASSWORD,
    RESTIC_REPOSITORY: join(rig.root, 'space/repo'),
  };
  const child = spawn(
    join(RESTIC_DIR, 'restic'),
    ['backup', '--json', '--no-cache', '--limit-upload=5', file],
    {
      env,
      stdio: 'ignore',
    },
  );
  await soon(() => readdirSync(join(rig.root, 'space/repo/locks')).length > 0, 'restic has its lock');
  return child;
}
