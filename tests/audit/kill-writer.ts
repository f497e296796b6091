import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AuditRig } from './audit-rig.ts';

const WRITER = fileURLToPath(new URL('auditing-writer.js', import.meta.url));

/** Kills a process that adopts volumes with their lines, again and again at random points, and looks at what is there each time. */
export async function killAgainAndAgain(times: number): Promise<void> {
  await using rig = await AuditRig.make();
  for (let time = 1; time <= times; time++) {
    const acknowledged = await killOnce(rig, Math.floor(Math.random() * 25));

    const audit = await rig.open();
    const { verdict } = await audit.snapshot();
    const volumes = [...(await rig.store.volumeIds()).keys()];
    const told = (await rig.lines())
      .filter(({ kind }) => kind === 'volume.adopted')
      .map(({ facts }) => facts['volume']);

    assert.equal(verdict.kind, 'ok', JSON.stringify(verdict));
    assert.equal(audit.fault, undefined);
    // Each volume has its line and each line its volume, whatever the moment.
    assert.equal(told.length, volumes.length);
    assert.deepEqual(new Set(told), new Set<unknown>(volumes));
    assert.ok(volumes.length >= acknowledged, `${volumes.length} volumes, ${acknowledged} acknowledged`);
    await rig.crash();
  }
}

/** Starts the writer, and kills it after so many acknowledged volumes; returns the last of them. */
async function killOnce(rig: AuditRig, after: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, join(rig.dir, 'anchord.db'), rig.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  let seen = 0;
  let last = 0;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (seen++ >= after) child.kill('SIGKILL');
  }
  await exit;
  return last;
}
