import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { SENTINEL_NAME } from '../../daemon/files/sentinel.ts';

import { snapshot } from '../files/snapshot.ts';
import { backup, hostState } from './host-state.ts';
import { PassRig } from './pass-rig.ts';

const state = hostState({
  directories: { '/flux/active': { mode: '2775' }, '/flux/active/deep': {} },
  links: { '/flux/models': { target: '/space/models' } },
  policies: { hourly: backup('0 * * * *') },
});

test('one resource that fails does not stop the others, and is right again once its way is free', async () => {
  await using rig = await PassRig.make();
  writeFileSync(rig.at('/flux/active'), 'in the way');

  const failed = await rig.pass(state);
  assert.deepEqual([failed.settled.changed, failed.settled.failed, failed.settled.waiting], [2, 1, 1]);
  assert.deepEqual(rig.states(), {
    'directory:/flux/active': 'failed NotADirectory',
    'directory:/flux/active/deep': 'waiting DependencyFailed',
    'link:/flux/models': 'changed',
    'schedule:hourly': 'changed',
    'volume:flux': 'in-sync',
  });
  await rig.pass(state);
  await rig.pass(state);
  assert.deepEqual(rig.writes, [], 'a failure that stays the same is not written again');

  rmSync(rig.at('/flux/active'));
  const mended = await rig.pass(state);
  assert.deepEqual([mended.settled.changed, mended.settled.repaired, mended.settled.failed], [2, 0, 0]);
});

test('on a bare mount point nothing is made; everything waits, and goes on by itself', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  renameSync(rig.at('/flux'), rig.at('/pulled'));
  mkdirSync(rig.at('/flux'));

  const waiting = await rig.pass(state);
  assert.deepEqual(readdirSync(rig.at('/flux')), []);
  assert.deepEqual([waiting.settled.failed, waiting.settled.waiting], [1, 3]);
  assert.deepEqual(rig.states(), {
    'directory:/flux/active': 'waiting GuardFailed',
    'directory:/flux/active/deep': 'waiting GuardFailed',
    'link:/flux/models': 'waiting GuardFailed',
    'schedule:hourly': 'in-sync',
    'volume:flux': 'failed SentinelMissing',
  });

  rmdirSync(rig.at('/flux'));
  renameSync(rig.at('/pulled'), rig.at('/flux'));
  const back = await rig.pass(state);
  assert.deepEqual([back.settled.failed, back.settled.waiting, back.settled.repaired], [0, 0, 0]);
  assert.ok([...rig.items.values()].every((item) => item.state === 'in-sync'));
});

test('an orphan on a volume that is away is not forgotten', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  renameSync(rig.at('/flux'), rig.at('/pulled'));
  mkdirSync(rig.at('/flux'));

  await rig.pass(hostState());

  assert.equal(rig.items.get('directory:/flux/active')?.state, 'orphaned');
});

test('a volume that goes between looking and doing is left alone, and nothing outside is touched', async () => {
  await using rig = await PassRig.make();
  const prepared = await rig.prepare(state);
  renameSync(rig.at('/flux'), rig.at('/pulled'));
  symlinkSync(rig.outside, rig.at('/flux'));
  const before = [snapshot(rig.outside), snapshot(rig.at('/pulled'))];

  const outcome = await rig.apply(prepared);

  assert.deepEqual([snapshot(rig.outside), snapshot(rig.at('/pulled'))], before);
  assert.equal(outcome.settled.failed, 3);
});

test('an owner that this host does not know fails alone; what is below waits and is not made as root’s', async () => {
  await using rig = await PassRig.make();
  rig.owners = { kind: 'real', users: new Map(), groups: new Map() };
  const strange = hostState({
    directories: {
      '/flux/strange': { owner: 'nobody-knows', mode: '0755' },
      '/flux/strange/below/deep': {},
      '/flux/other': {},
    },
    links: { '/flux/strange/l': { target: '/x' } },
  });

  await rig.pass(strange);

  assert.deepEqual(readdirSync(rig.at('/flux')).toSorted(), [SENTINEL_NAME, 'other']);
  assert.equal(rig.items.get('directory:/flux/strange')?.reason, 'NoSuchUser');
  assert.match(rig.items.get('directory:/flux/strange')?.message ?? '', /user nobody-knows.*adduser/);
  assert.deepEqual(
    ['directory:/flux/strange/below/deep', 'link:/flux/strange/l', 'directory:/flux/other'].map(
      (id) => rig.items.get(id)?.state,
    ),
    ['waiting', 'waiting', 'changed'],
  );
});
