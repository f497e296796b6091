import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostRig } from '../rig/host-rig.ts';

test('a suspended host changes nothing, says who, why and until when, and goes on after resume', async () => {
  await using rig = await HostRig.start();

  const suspended = await rig.command('suspend', '--until', '2h', '--reason', 'disk\nswap; next: rm -rf /');

  assert.equal(suspended.code, 0, suspended.stderr);
  assert.match(suspended.stdout, /^suspended by \S+ since \S+Z until \S+Z: disk⟨U\+000A⟩swap/);
  // The command does not wait for ever for what was under way.
  await rig.nextRound();
  chmodSync(join(rig.root, 'data/work'), 0o700);
  const revision = rig.clone().push({ 'hosts/motoko/more.yaml': 'directories:\n  /data/more: {}\n' });
  const status = await rig.until(
    ({ source, conditions }) =>
      source.observed === revision &&
      conditions.some((one) => one.type === 'Drifted' && one.status === 'True'),
  );
  const conditions = new Map(status.conditions.map((one) => [one.type, one]));
  assert.match(conditions.get('Suspended')?.message ?? '', /^suspended by \S+ since .* until .*disk/);
  assert.deepEqual(
    [conditions.get('Ready')?.status, conditions.get('Ready')?.reason],
    ['False', 'Suspended'],
  );
  assert.match(conditions.get('Drifted')?.message ?? '', /directory \/data\/work \(mode 0700 → 2775\)/);
  assert.match(conditions.get('Fetched')?.message ?? '', /waits until the host is resumed/);
  assert.match(status.summary.sentence, /^motoko is suspended by \S+ since \S+Z until \S+Z: disk/);
  assert.equal(status.summary.next, 'anchord resume');
  assert.equal(status.volumes.length, 2);
  assert.equal(statSync(join(rig.root, 'data/work')).mode & 0o7777, 0o700);
  assert.equal(statSync(join(rig.root, 'data/more'), { throwIfNoEntry: false }), undefined);
  assert.equal((await rig.command('status', '--check')).code, 1);
  const apply = await rig.command('apply');
  assert.deepEqual([apply.code, apply.stdout], [5, '']);
  assert.match(apply.stderr, /next: anchord resume/);

  const resumed = await rig.command('resume');

  assert.match(resumed.stdout, /^goes on; it was suspended by/);
  await rig.untilReady(revision);
  assert.equal(statSync(join(rig.root, 'data/work')).mode & 0o7777, 0o2775);
  assert.equal((await rig.condition('Suspended'))?.status, 'False');
  assert.match((await rig.command('resume')).stdout, /nobody had suspended/);
});

test('a suspension holds over kill -9, also for the first round, and is on the branch', async () => {
  await using rig = await HostRig.start();
  await rig.command('suspend', '--reason', 'moving');
  await rig.anchord.stop('SIGKILL');
  const revision = rig.clone().push({ 'hosts/motoko/more.yaml': 'directories:\n  /data/more: {}\n' });

  await rig.run();

  const status = await rig.untilPublished(({ source }) => source.observed === revision);
  assert.match(status.summary.sentence, /suspended/);
  assert.equal(statSync(join(rig.root, 'data/more'), { throwIfNoEntry: false }), undefined);
});

test('without a daemon a host can be suspended and resumed, and says so', async () => {
  await using rig = await HostRig.start();
  await rig.anchord.stop();

  const suspended = await rig.command('suspend');
  const status = await rig.command('status');
  const apply = await rig.command('apply');
  const resumed = await rig.command('resume', '--json');

  assert.deepEqual([suspended.code, apply.code], [0, 5]);
  assert.match(status.stdout, /Suspended +True +Suspended +suspended by/);
  assert.match((JSON.parse(resumed.stdout) as { was: { by: string } }).was.by, /\S/);
  assert.equal((await rig.command('apply')).code, 0);
});

test('a time that is over, no time or too long a reason suspends nothing', async () => {
  await using rig = await HostRig.start();

  for (const until of ['2001-01-01T00:00:00Z', 'tomorrow', '-2h', '999999999d', '2h30m'])
    assert.equal((await rig.command('suspend', `--until=${until}`)).code, 2, until);
  assert.equal((await rig.command('suspend', '--reason', 'x'.repeat(301))).code, 1);

  assert.equal((await rig.condition('Suspended'))?.status, 'False');
});
