import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { NEWER_RESTIC, WITHOUT_NEWER } from './newer-restic.ts';
import { backupPolicy, initialised, PASSWORD, policyRig, RESTIC_DIR, type PolicyRig } from './policy-rig.ts';
import { soon } from '../rig/soon.ts';

const WITHOUT_UTS = process.getuid?.() === 0 ? false : 'only root can have a host name of its own';

test('the lock of a dead restic of this host is put away, once, and the backup forgets as usual', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  await killed(await slowRestic(rig));
  assert.equal(wholeLocks(rig).length, 1);

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

/** A restic that has locked the repository and takes its time. */
async function slowRestic(
  rig: PolicyRig,
  { host }: { readonly host?: string } = {},
): Promise<ReturnType<typeof spawn>> {
  const file = join(rig.folder, 'slow');
  await writeFile(file, randomBytes(2_000_000));
  const before = wholeLocks(rig).length;
  const args = ['backup', '--json', '--no-cache', '--limit-upload=5', file];
  const child = spawnRestic(rig, { resticDir: RESTIC_DIR, args, ...(host === undefined ? {} : { host }) });
  await soon(() => wholeLocks(rig).length > before, 'restic has its lock');
  return child;
}

function spawnRestic(
  rig: PolicyRig,
  {
    resticDir,
    args,
    host,
  }: { readonly resticDir: string; readonly args: readonly string[]; readonly host?: string },
): ReturnType<typeof spawn> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: rig.folder,
    RESTIC_PASSWORD: PASSWORD,
    RESTIC_REPOSITORY: join(rig.root, 'space/repo'),
  };
  const restic = join(resticDir, 'restic');
  if (host === undefined) return spawn(restic, args, { env, stdio: 'ignore' });
  const script = 'hostname "$0" && exec "$@"';
  return spawn('unshare', ['--uts', 'sh', '-c', script, host, restic, ...args], { env, stdio: 'ignore' });
}

async function killed(child: ReturnType<typeof spawn>): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Restic writes a lock beside, then renames it. */
function wholeLocks(rig: PolicyRig): readonly string[] {
  const names = readdirSync(join(rig.root, 'space/repo/locks'));
  return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
}
