import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { policyRig, RESTIC_DIR } from './policy-rig.ts';
import { soon } from '../rig/soon.ts';

test('an init that goes on after its anchord was killed is waited for, and what it made is adopted', async () => {
  await using rig = await policyRig();
  const bin = await patientRestic(rig.folder);
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('init-process.js', import.meta.url)), rig.folder, `${bin}:/usr/bin:/bin`],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const exit = once(child, 'exit');
  await made(rig.folder, 'restic-began');
  child.kill('SIGKILL');
  await exit;

  const second = rig.engine.init('local');
  await writeFile(join(rig.folder, 'go-on'), '');

  assert.equal((await second).kind, 'adopted');
  assert.equal((await rig.runToEnd('local')).outcome, 'ok');
  assert.equal((await rig.restic('/space/repo', 'list', 'keys')).trim().split('\n').length, 1);
});

test('an init gives up on a repository that stays in use', async () => {
  await using rig = await policyRig({ lockWaitMs: 0 });
  const bin = await patientRestic(rig.folder);
  await using slow = await policyRig({ folder: rig.folder, path: `${bin}:/usr/bin:/bin` });
  const first = slow.engine.init('local');
  await made(rig.folder, 'restic-began');

  const second = await rig.engine.init('local');
  await writeFile(join(rig.folder, 'go-on'), '');

  assert.equal(second.kind === 'refused' && second.fault.reason, 'LockHeld');
  assert.equal((await first).kind, 'created');
});

/** A folder for PATH with a restic that begins an init only when the file go-on is there. */
async function patientRestic(folder: string): Promise<string> {
  const bin = join(folder, 'patient');
  await mkdir(bin);
  const script = `#!/bin/sh
if [ "$1" = init ]; then
  : > '${folder}/restic-began'
  until [ -e '${folder}/go-on' ]; do sleep 0.05; done
fi
exec ${RESTIC_DIR}/restic "$@"
`;
  await writeFile(join(bin, 'restic'), script, { mode: 0o755 });
  return bin;
}

async function made(folder: string, name: string): Promise<void> {
  await soon(() => existsSync(join(folder, name)), `${name} is there`);
}
