import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AuditRig } from './audit-rig.ts';

const WRITER = fileURLToPath(new URL('auditing-writer.js', import.meta.url));

/** Kills a process that writes runs with their lines, again and again at random points, and looks at what is there each time. */
export async function killAgainAndAgain(times: number): Promise<void> {
  await using rig = await AuditRig.make();
  for (let time = 1; time <= times; time++) {
    const acknowledged = await killOnce(rig, Math.floor(Math.random() * 25));

    const audit = await rig.open();
    const { verdict } = await audit.snapshot();
    const runs = (await rig.store.openRuns()).map(({ id }) => id);
    const told = (await rig.lines())
      .filter(({ kind }) => kind === 'run.began')
      .map(({ facts }) => facts['run']);

    assert.equal(verdict.kind, 'ok', JSON.stringify(verdict));
    assert.equal(audit.fault, undefined);
    // Each run has its line and each line its run, whatever the moment.
    assert.deepEqual(told, runs);
    assert.ok(runs.length >= acknowledged, `${runs.length} runs, ${acknowledged} acknowledged`);
    await rig.crash();
  }
}

/** Starts the writer, and kills it after so many acknowledged runs; returns the last of them. */
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
