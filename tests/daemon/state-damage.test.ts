import assert from 'node:assert/strict';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { snapshot } from '../files/snapshot.ts';
import { HostRig } from '../rig/host-rig.ts';

test('a kept state that another hand emptied is passed over, and the revision is read again', async () => {
  await using rig = await HostRig.start();
  const { applied } = (await rig.status()).source;
  await rig.anchord.stop();
  const file = join(rig.state, 'trusted-state.json');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...kept, state: {} }));
  const host = snapshot(rig.root);

  await rig.run();

  await rig.untilReady(applied);
  await rig.nextRound();
  assert.deepEqual(snapshot(rig.root), host);
});

test('a kept state that is torn is read again from the mirror while the remote is away', async () => {
  await using rig = await HostRig.start();
  const { applied } = (await rig.status()).source;
  await rig.anchord.stop();
  truncateSync(join(rig.state, 'trusted-state.json'));
  renameSync(rig.upstream, `${rig.upstream}.away`);
  rmSync(join(rig.root, 'data/work/today'), { recursive: true });

  await rig.run();

  await rig.until(() => existsSync(join(rig.root, 'data/work/today')));
  assert.equal((await rig.status()).source.applied, applied);
});

for (const [what, damage] of [
  ['truncated', (file: string) => truncateSync(file, 5_000)],
  ['noise', (file: string) => writeFileSync(file, 'x'.repeat(20_000))],
] as const) {
  test(`a store that is ${what} ends the daemon with what to do, and is left as it was found`, async () => {
    await using rig = await HostRig.start();
    await rig.anchord.stop();
    const file = join(rig.state, 'anchord.db');
    for (const side of ['-wal', '-shm']) rmSync(`${file}${side}`, { force: true });
    damage(file);
    const found = readFileSync(file);
    const host = snapshot(rig.root);
    const names = readdirSync(rig.state);

    const ended = await rig.begin().ended();
    const asked = await rig.command('status');

    assert.equal(ended.code, 1);
    assert.match(rig.anchord.stderr, /the store .*anchord\.db is damaged.*nothing in it was changed/);
    assert.match(rig.anchord.stderr, /put a backup in their place or move them aside/);
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /is damaged/);
    assert.deepEqual(readFileSync(file), found);
    for (const name of names) assert.ok(existsSync(join(rig.state, name)), name);
    assert.deepEqual(snapshot(rig.root), host);
  });
}
