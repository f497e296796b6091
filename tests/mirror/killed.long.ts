import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { KilledMirror, type KillPoint } from './killed-mirror.ts';

const KILLS = 40;
const PHASES = ['waiting for the source', 'looking at the source', 'planning', 'sending', 'deleting'];

test(`killed ${KILLS} times at random moments, anchord or rclone, a mirror loses nothing`, async (t) => {
  await using mirror = await KilledMirror.start();
  for (let kill = 0; kill < KILLS; kill++) {
    const phase = PHASES[randomInt(PHASES.length)] ?? 'sending';
    const who: KillPoint['who'] = randomInt(2) === 0 ? 'anchord' : 'rclone';
    t.diagnostic(`${who} killed while ${phase}`);
    await mirror.survives({ phase, who });
  }
});
