import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { backupPolicy, initialised, PASSWORD, policyRig } from './policy-rig.ts';

test('the password stands in no argument and no environment of any process, no event and no file of the state directory', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ bandwidth: '100KB' }) } }),
  );
  await writeFile(join(rig.root, 'flux/big'), Buffer.alloc(300_000, 'x'));
  await writeFile(join(rig.root, 'flux/random'), randomBytes(400_000));
  const progress = rig.next('run.progress');
  const running = rig.runToEnd('local');
  await progress;
  const seen = { restic: false, password: false };
  while ((await rig.engine.statuses(new Date())).some((status) => status.state === 'running')) {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      for (const file of ['cmdline', 'environ']) {
        const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
        seen.restic ||= text.includes('RESTIC_PASSWORD_FILE=/dev/fd/3');
        seen.password ||= text.includes(PASSWORD);
      }
    }
  }

  const run = await running;

  assert.equal(run.outcome, 'ok', run.message);
  assert.deepEqual(seen, { restic: true, password: false });
  assert.ok(!JSON.stringify(rig.events).includes(PASSWORD));
  const { stdout } = await promisify(execFile)('grep', ['-rlaF', PASSWORD, rig.stateDir]).catch(() => ({
    stdout: '',
  }));
  assert.equal(stdout, '');
});
