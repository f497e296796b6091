import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { snapshot } from './snapshot.ts';
import { directory, link, VolumeRig } from './volume-rig.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

const LEAST_ROUNDS = 400;

test('while somebody swaps a directory for a link, over and over, nothing outside ever changes', async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/a', 0o777);
  const before = snapshot(rig.outside);
  const racer = spawn(
    process.execPath,
    [fileURLToPath(new URL('rename-racer.js', import.meta.url)), rig.at('/flux/a'), rig.outside],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await once(racer.stdout, 'data');

  const seen = { done: 0, failed: 0 };
  const deadline = performance.now() + PATIENCE_MS;
  // Until the two processes have met in every way: on one busy core that takes its time.
  for (let round = 0; performance.now() < deadline; round++) {
    // Each time something else is wanted, so that there is always something to do.
    const mode = round % 2 === 0 ? 0o777 : 0o775;
    const results = rig.putRight([
      directory('/flux/a', { mode }),
      directory('/flux/a/b', { mode }),
      directory(`/flux/a/b/${round % 7}`, { mode }),
      link('/flux/a/l', String(round)),
    ]);
    for (const result of results) seen[result.kind]++;
    if (round >= LEAST_ROUNDS && seen.done > 0 && seen.failed > 0) break;
  }
  const exit = once(racer, 'exit');
  racer.kill('SIGKILL');
  await exit;

  assert.deepEqual(snapshot(rig.outside), before);
  assert.ok(seen.done > 0 && seen.failed > 0, `the two never met: ${JSON.stringify(seen)}`);
});
