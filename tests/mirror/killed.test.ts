import { test } from 'node:test';
import { KilledMirror } from './killed-mirror.ts';

test('killed while it sends, a mirror loses nothing, and the next run makes it equal', async () => {
  await using mirror = await KilledMirror.start();

  await mirror.survives({ phase: 'sending', who: 'anchord' });
});
