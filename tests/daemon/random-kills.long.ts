import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { anchord } from '../rig/anchord-command.ts';
import { assertWhole } from '../rig/assert-whole.ts';
import { DemoRig } from '../rig/demo-rig.ts';
import type { StateClone } from '../rig/state-clone.ts';

const KILLS = 200;
/** A start, a pass and a status commit take about as long. Milliseconds. */
const LONGEST_LIFE_MS = 2_500;
/** Longest pause between two pushes of the stream. Milliseconds. */
const LONGEST_SILENCE_MS = 1_500;

test(`killed ${KILLS} times at random moments under a stream of pushes, the last push wins and all is whole`, async (t) => {
  await using rig = await DemoRig.startSmall();
  await rig.settled();
  const clone = rig.clone();
  const over = new AbortController();
  const pushing = pushUntil(over.signal, clone);

  for (let kill = 1; kill <= KILLS; kill++) {
    await pause(randomInt(LONGEST_LIFE_MS));
    await rig.anchord.stop('SIGKILL');
    rig.startAgain();
  }
  over.abort();
  const pushes = await pushing;
  t.diagnostic(`${pushes} pushes, ${KILLS} kills`);
  await rig.ready();
  const last = clone.git('rev-parse', 'HEAD').trim();

  await rig.until((status) => status.source.applied === last);
  for (let push = 1; push <= pushes; push++)
    assert.ok(existsSync(join(rig.root, `space/d${push}`)), `d${push}`);
  await rig.until((status) =>
    status.conditions.some(
      (condition) => condition.type === 'StatusPublished' && condition.status === 'True',
    ),
  );
  await assertWhole(rig);
  const verified = anchord(['audit', 'verify', '--remote', '--dir', rig.dir]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});

/** One directory more with every push; returns how many. */
async function pushUntil(over: AbortSignal, clone: StateClone): Promise<number> {
  let pushes = 0;
  while (!over.aborted) {
    pushes++;
    clone.push({ [`hosts/motoko/d${pushes}.yaml`]: `directories:\n  /space/d${pushes}: {}\n` });
    await pause(randomInt(LONGEST_SILENCE_MS));
  }
  return pushes;
}
