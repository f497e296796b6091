import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { adoptVolume } from '../../daemon/guards/adopt-volume.ts';
import { parseSentinel, SENTINEL_NAME, sentinelText } from '../../daemon/files/sentinel.ts';
import { FolderVolume } from './folder-volume.ts';

test('a volume is guarded from its adoption on, by a sentinel that nobody is to change', async () => {
  await using volume = await FolderVolume.make();
  const before = await volume.guard();
  assert.equal(before?.kind === 'failed' && before.fault.reason, 'NotAdopted');

  const umask = process.umask(0o077);
  assert.equal(await volume.adopt(), undefined);
  process.umask(umask);

  assert.equal((await volume.guard())?.kind, 'passed');
  const id = volume.ids.get('flux');
  assert.deepEqual(parseSentinel(readFileSync(volume.sentinel, 'utf8')), {
    volume: 'flux',
    id,
    host: 'motoko',
  });
  assert.equal(statSync(volume.sentinel).mode & 0o7777, 0o444);
  assert.deepEqual(readdirSync(volume.top), [SENTINEL_NAME]);
});

test('adopting again keeps the id, also when the state directory or the sentinel was lost', async () => {
  await using volume = await FolderVolume.make();
  await volume.adopt();
  const id = volume.ids.get('flux');

  await volume.adopt();
  assert.equal(volume.ids.get('flux'), id, 'nothing was lost');
  volume.ids.clear();
  await volume.adopt();
  assert.equal(volume.ids.get('flux'), id, 'the state directory was lost');
  rmSync(volume.sentinel);
  await volume.adopt();
  assert.equal(parseSentinel(readFileSync(volume.sentinel, 'utf8'))?.id, id, 'the sentinel was lost');
});

test('a power cut between sentinel and memory is mended by adopting again', async () => {
  await using volume = await FolderVolume.make();
  writeFileSync(volume.sentinel, sentinelText({ volume: 'flux', id: 'written-before', host: 'motoko' }));
  writeFileSync(join(volume.top, `${SENTINEL_NAME}.half-written`), '{"vol');
  const before = await volume.guard();
  assert.equal(before?.kind === 'failed' && before.fault.reason, 'NotAdopted');

  assert.equal(await volume.adopt(), undefined);

  assert.equal(volume.ids.get('flux'), 'written-before');
  assert.equal((await volume.guard())?.kind, 'passed');
});

test('a disk that is another volume, or belongs to another host, is not taken over', async () => {
  for (const [volumeName, host] of [
    ['time', 'motoko'],
    ['flux', 'armitage'],
    ['time', 'armitage'],
  ] as const) {
    for (const remembered of [true, false]) {
      await using volume = await FolderVolume.make();
      const text = sentinelText({ volume: volumeName, id: 'theirs', host });
      writeFileSync(volume.sentinel, text);
      if (remembered) volume.ids.set('flux', 'ours');

      const fault = await volume.adopt();

      assert.equal(fault?.reason, 'SentinelWrong', `${volumeName} of ${host}`);
      assert.match(fault.message, new RegExp(`already volume ${volumeName} of ${host}`));
      assert.equal(readFileSync(volume.sentinel, 'utf8'), text);
      assert.equal(volume.ids.get('flux'), remembered ? 'ours' : undefined);
    }
  }
});

test('a bare or missing mount point is not adopted, and nothing is written there', async () => {
  await using volume = await FolderVolume.make();
  rmdirSync(volume.top);
  assert.equal((await volume.adopt())?.reason, 'NotMounted');

  symlinkSync('/tmp', volume.top);
  assert.equal((await volume.adopt())?.reason, 'NotADirectory');
  assert.equal(volume.ids.size, 0);
});

test('on a real root a folder that is no mount is refused', async () => {
  await using volume = await FolderVolume.make();
  const parts = { ...volume.parts, root: '/', remember: () => assert.fail('nothing may be remembered') };

  const fault = await adoptVolume('flux', { mount: volume.top }, parts);

  assert.equal(fault?.reason, 'NotMounted');
  assert.deepEqual(readdirSync(volume.top), []);
});

test('a planted link in the place of the sentinel is replaced, not followed', async () => {
  await using volume = await FolderVolume.make();
  const victim = join(volume.top, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync('victim', volume.sentinel);

  assert.equal(await volume.adopt(), undefined);

  assert.equal(readFileSync(victim, 'utf8'), 'precious');
  assert.equal((await volume.guard())?.kind, 'passed');
});
