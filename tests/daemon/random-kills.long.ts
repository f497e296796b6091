import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { assertWhole } from '../rig/assert-whole.ts';
import { DemoRig } from '../rig/demo-rig.ts';

const KILLS = 40;
/** A start, a pass and a status commit take about as long. Milliseconds. */
const LONGEST_LIFE_MS = 2_500;

test(`killed ${KILLS} times at random moments under a stream of pushes, the last push wins and all is whole`, async (t) => {
  await using rig = await DemoRig.start();
  await rig.anchord.event('run.ended');
  const clone = rig.clone();

  for (let kill = 1; kill <= KILLS; kill++) {
    clone.push({ [`hosts/motoko/d${kill}.yaml`]: `directories:\n  /space/d${kill}: {}\n` });
    const life = randomInt(LONGEST_LIFE_MS);
    t.diagnostic(`kill ${kill} after ${life} ms`);
    await pause(life);
    await rig.anchord.stop('SIGKILL');
    rig.startAgain();
  }
  await rig.ready();
  const last = clone.git('rev-parse', 'HEAD').trim();

  await rig.until((status) => status.source.applied === last);
  for (let kill = 1; kill <= KILLS; kill++)
    assert.ok(existsSync(join(rig.root, `space/d${kill}`)), `d${kill}`);
  await assertWhole(rig);
});
