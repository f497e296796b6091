import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withPrivateRoot } from './private-root.ts';
import { RealHost } from './real-host.ts';

const options = withPrivateRoot();
let host: RealHost;

before(async () => {
  if (options.skip !== undefined) return;
  host = await RealHost.start();
  await host.adopt();
  await host.makeDisk('twin', 'flux');
});
after(async () => {
  if (options.skip !== undefined) return;
  await host[Symbol.asyncDispose]();
});

test('a disk that comes and goes while pushes are applied leaves nothing where it was', options, async () => {
  const flapping = host.sh(
    'for _ in $(seq 40); do umount --lazy /flux; sleep 0.05; mount -o loop /disks/flux /flux; sleep 0.05; done',
  );
  let revision = '';
  for (let round = 0; round < 8; round++) {
    await host.sh('rmdir /flux/private 2>/dev/null || true');
    revision = host.declare(`/flux/flap-${round}/a/b`);
    await host.until((now) => now.source.applied === revision);
  }
  await flapping;

  await host.untilReady(revision);
  assert.equal(await host.bare(), '');
  assert.equal(await host.sh('ls -d /flux/flap-*/a/b | wc -l'), '8');
  assert.equal(await host.sh('stat -c %a /flux/private'), '700');
});

test('two disks with one label that change places while pushes are applied keep apart', options, async () => {
  const swapping = host.sh(
    'for _ in $(seq 40); do umount /flux 2>/dev/null || umount --lazy /flux; mount -o loop /disks/twin /flux; sleep 0.05; umount --lazy /flux; mount -o loop /disks/flux /flux; sleep 0.05; done',
  );
  let revision = '';
  for (let round = 0; round < 8; round++) {
    await host.sh('rmdir /flux/private 2>/dev/null || true');
    revision = host.declare(`/flux/swap-${round}/a/b`);
    await host.until((now) => now.source.applied === revision);
  }
  await swapping;

  await host.untilReady(revision);
  assert.equal(await host.bare(), '');
  const twin = 'mkdir -p /disks/t; mount -o loop,ro /disks/twin /disks/t; ls -A /disks/t; umount /disks/t';
  assert.equal(await host.sh(twin), 'lost+found');
  assert.equal(await host.sh('ls -d /flux/swap-*/a/b | wc -l'), '8');
});
