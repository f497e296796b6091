import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchFiles } from '../../daemon/files/watch-files.ts';
import { tempFolder } from './temp-folder.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

test('a watched file that is made, replaced, written or removed is told, and its neighbours are not', async () => {
  await using folder = await tempFolder('watch');
  const file = join(folder.path, 'smb.conf');
  const told = new EventEmitter();
  let count = 0;
  await using _watch = await watchFiles([file, join(folder.path, 'missing/anchord.conf')], () => {
    count++;
    told.emit('change');
  });
  async function after(act: () => Promise<void>): Promise<void> {
    const change = once(told, 'change', { signal: AbortSignal.timeout(PATIENCE_MS) });
    await act();
    await change;
  }

  await mkdir(join(folder.path, 'neighbour'));
  await writeFile(join(folder.path, 'other.conf'), 'x');
  await after(() => writeFile(file, 'one'));
  const first = count;
  await after(() => writeFile(file, 'two, and longer'));
  await writeFile(join(folder.path, 'new'), 'three');
  await after(() => rename(join(folder.path, 'new'), file));
  await after(() => rm(file));

  assert.equal(first, 1);
});
