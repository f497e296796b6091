import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { asRoot } from '../files/privileges.ts';
import { snapshot } from '../files/snapshot.ts';
import { backup, hostState } from './host-state.ts';
import { PassRig } from './pass-rig.ts';

const state = hostState({
  directories: { '/flux/active': { mode: '2775' }, '/flux/active/deep': {} },
  links: { '/flux/models': { target: '/space/models' } },
  policies: { hourly: backup('0 * * * *') },
});

test('what is missing is made, and the next pass finds it in sync', async () => {
  await using rig = await PassRig.make();

  const first = await rig.pass(state);
  assert.deepEqual(
    [first.settled.changed, first.settled.repaired, first.settled.failed, first.settled.waiting],
    [4, 0, 0, 0],
  );
  assert.equal(statSync(rig.at('/flux/active')).mode & 0o7777, 0o2775);
  assert.equal(readlinkSync(rig.at('/flux/models')), '../space/models');
  assert.deepEqual(rig.states(), {
    'directory:/flux/active': 'changed',
    'directory:/flux/active/deep': 'changed',
    'link:/flux/models': 'changed',
    'schedule:hourly': 'changed',
    'volume:flux': 'in-sync',
  });

  const second = await rig.pass(state);
  assert.deepEqual(second.plan, { changes: [], hindrances: [], orphans: [] });
  assert.ok([...rig.items.values()].every((item) => item.state === 'in-sync'));
});

test('a pass that finds nothing to do writes nothing, neither into the store nor onto the volume', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  await rig.pass(state);
  await rig.restart();
  const before = snapshot(rig.at('/flux'));

  rig.now = new Date('2026-11-21T12:31:00Z');
  await rig.pass(state);

  assert.deepEqual(rig.writes, []);
  assert.deepEqual(snapshot(rig.at('/flux')), before);
});

test('what somebody changed by hand is put right and told as drift, and settles without being news', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  await rig.pass(state);
  chmodSync(rig.at('/flux/active'), 0o700);
  rmSync(rig.at('/flux/models'));

  rig.now = new Date('2026-11-21T13:00:00Z');
  const mended = await rig.pass(state);

  assert.deepEqual([mended.settled.changed, mended.settled.repaired], [0, 2]);
  assert.equal(statSync(rig.at('/flux/active')).mode & 0o7777, 0o2775);
  assert.equal(rig.items.get('directory:/flux/active')?.state, 'drifted');
  assert.equal(rig.items.get('link:/flux/models')?.since, '2026-11-21T13:00:00Z');

  rig.now = new Date('2026-11-21T14:00:00Z');
  await rig.pass(state);
  assert.equal(rig.items.get('link:/flux/models')?.state, 'in-sync');
  assert.equal(rig.items.get('link:/flux/models')?.since, '2026-11-21T13:00:00Z');
});

test('a revision that wants something else changes it, which is no drift', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  await rig.pass(state);

  const changed = await rig.pass(
    hostState({ ...state, directories: { ...state.directories, '/flux/active': { mode: '0750' } } }),
  );

  assert.deepEqual([changed.settled.changed, changed.settled.repaired], [1, 0]);
  assert.equal(statSync(rig.at('/flux/active')).mode & 0o7777, 0o750);
});

test('what is no longer declared stays as an orphan with everything in it, until a person removed it', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  writeFileSync(rig.at('/flux/active/deep/data'), 'precious');

  await rig.pass(hostState());
  assert.deepEqual(rig.states(), {
    'directory:/flux/active': 'orphaned NotDeclared',
    'directory:/flux/active/deep': 'orphaned NotDeclared',
    'link:/flux/models': 'orphaned NotDeclared',
    'volume:flux': 'in-sync',
  });
  assert.equal(readFileSync(rig.at('/flux/active/deep/data'), 'utf8'), 'precious');
  await rig.pass(hostState());
  assert.deepEqual(rig.writes, [], 'an orphan is told once');

  rmSync(rig.at('/flux/active'), { recursive: true });
  await rig.pass(hostState());
  assert.deepEqual(rig.states(), { 'link:/flux/models': 'orphaned NotDeclared', 'volume:flux': 'in-sync' });
  rmSync(rig.at('/flux/models'));
  await rig.pass(hostState());
  assert.deepEqual(rig.states(), { 'volume:flux': 'in-sync' });
});

test('an orphan that is declared again is managed again', async () => {
  await using rig = await PassRig.make();
  await rig.pass(state);
  await rig.pass(hostState());

  await rig.pass(state);

  assert.equal(rig.items.get('directory:/flux/active')?.state, 'in-sync');
});

test('owners that only root can set are simulated elsewhere, and modes are set all the same', async () => {
  await using rig = await PassRig.make();
  const owned = hostState({ directories: { '/flux/a': { owner: 'mdt', group: 'mdt', mode: '0770' } } });

  await rig.pass(owned);
  await rig.pass(owned);

  assert.equal(rig.items.get('directory:/flux/a')?.state, 'simulated');
  assert.equal(statSync(rig.at('/flux/a')).mode & 0o7777, 0o770);
});

test('as root, directories get their owner, and one given away by hand comes back', asRoot, async () => {
  await using rig = await PassRig.make();
  rig.owners = { kind: 'real', users: new Map([['mdt', 54_321]]), groups: new Map([['mdt', 54_322]]) };
  const owned = hostState({ directories: { '/flux/a': { owner: 'mdt', group: 'mdt', mode: '2775' } } });
  await rig.pass(owned);

  const stats = statSync(rig.at('/flux/a'));

  assert.deepEqual([stats.uid, stats.gid, stats.mode & 0o7777], [54_321, 54_322, 0o2775]);
});

test('a new schedule gets its next slot, a changed one is computed anew, a removed one is forgotten', async () => {
  await using rig = await PassRig.make();
  async function slots(): Promise<readonly string[]> {
    return (await rig.store.schedules()).map((row) => `${row.policy} ${row.cron} ${row.nextRunAt}`);
  }

  await rig.pass(hostState({ policies: { a: backup('0 * * * *') } }));
  assert.deepEqual(await slots(), ['a 0 * * * * 2026-11-21T13:00:00Z']);

  rig.now = new Date('2026-11-21T13:30:00Z');
  await rig.pass(hostState({ policies: { a: backup('0 * * * *') } }));
  assert.deepEqual(await slots(), ['a 0 * * * * 2026-11-21T13:00:00Z'], 'a slot that is due is kept');

  await rig.pass(hostState({ policies: { a: backup('0 5 * * *') } }));
  assert.deepEqual(await slots(), ['a 0 5 * * * 2026-11-22T05:00:00Z']);

  await rig.pass(hostState());
  assert.deepEqual(await slots(), []);
  assert.equal(rig.items.has('schedule:a'), false);
});

test('a policy that this version does not carry out has no schedule that could look as if it ran', async () => {
  await using rig = await PassRig.make();

  await rig.pass(hostState({ policies: { far: { kind: 'tier', schedule: '0 * * * *' } } }));

  assert.deepEqual(await rig.store.schedules(), []);
});

test('a volume’s top that others could write to is closed again', async () => {
  await using rig = await PassRig.make();
  await rig.pass(hostState());
  chmodSync(rig.at('/flux'), 0o1777);

  const outcome = await rig.pass(hostState());

  assert.equal(statSync(rig.at('/flux')).mode & 0o7777, 0o755);
  assert.equal(outcome.settled.repaired, 1);
});

test('planning alone changes nothing', async () => {
  await using rig = await PassRig.make();
  const before = snapshot(rig.root);

  const { plan } = await rig.prepare(state);

  assert.equal(plan.changes.length, 4);
  assert.deepEqual(snapshot(rig.root), before);
  assert.equal(existsSync(rig.at('/flux/active')), false);
});
