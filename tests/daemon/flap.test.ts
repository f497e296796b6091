import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';

const ID = 'directory:/data/work';

test('a directory that is changed again and again is left alone, also after kill -9, until a person applies', async () => {
  await using rig = await HostRig.start();
  for (let time = 1; time <= 5; time++) {
    const from = rig.anchord.now();
    chmodSync(at(rig), 0o700);
    await rig.anchord.event('resource.changed', ({ resource }) => resource.state === 'drifted', from);
  }

  chmodSync(at(rig), 0o700);

  const status = await rig.untilCondition('Drifted', 'True', 'Flapping');
  const item = status.resources.items.find(({ id }) => id === ID);
  assert.deepEqual([item?.state, item?.reason], ['failed', 'Flapping']);
  assert.match(item?.message ?? '', /put right 5 times .*mode 0700 → 2775, 5 times.*left alone until/);
  await rig.anchord.stop('SIGKILL');
  await rig.run();
  await rig.nextRound();
  assert.equal(statSync(at(rig)).mode & 0o7777, 0o700);
  assert.match((await rig.command('plan')).stdout, /! directory \/data\/work +put right 5 times/);

  const applied = await rig.command('apply');

  assert.deepEqual([applied.code, applied.stderr], [0, '']);
  assert.equal(statSync(at(rig)).mode & 0o7777, 0o2775);
  assert.equal((await rig.condition('Drifted'))?.status, 'False');
});

test('a share whose configuration is changed again and again is left alone, until a person applies', async () => {
  await using rig = await HostRig.start({
    files: {
      ...STATE_FILES,
      'hosts/motoko/shares.yaml': 'users:\n  ana: {}\nshares:\n  work: { path: /data/work, write: [ana] }\n',
    },
  });
  const configuration = join(rig.root, 'etc/samba/anchord.conf');
  const right = readFileSync(configuration, 'utf8');
  for (let time = 1; time <= 5; time++) {
    const from = rig.anchord.now();
    appendFileSync(configuration, `# ${time}\n`);
    await rig.anchord.event('resource.changed', ({ resource }) => resource.state === 'drifted', from);
  }

  appendFileSync(configuration, '# the last\n');

  const status = await rig.untilCondition('Drifted', 'True', 'Flapping');
  const item = status.resources.items.find(({ id }) => id === 'share:work');
  assert.deepEqual([item?.state, item?.reason], ['failed', 'Flapping']);
  await rig.nextRound();
  assert.equal(readFileSync(configuration, 'utf8'), `${right}# the last\n`);

  const applied = await rig.command('apply');

  assert.deepEqual([applied.code, applied.stderr], [0, '']);
  assert.equal(readFileSync(configuration, 'utf8'), right);
});

function at(rig: HostRig): string {
  return join(rig.root, 'data/work');
}
