import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { test } from 'node:test';
import type { PassOutcome } from '../../daemon/reconcile/run-pass.ts';
import { driftedWord } from '../../daemon/reconcile/drifted-word.ts';
import { hostState } from './host-state.ts';
import { PassRig } from './pass-rig.ts';

const STATE = hostState({ directories: { '/flux/a': { mode: '2775' }, '/flux/b': { mode: '0755' } } });

test('what is changed again and again is left alone, told, and blocks nothing else; a restart forgets none of it', async () => {
  await using rig = await flapping();

  const held = await round(rig, 6);
  assert.equal(mode(rig, 'a'), 0o700);
  assert.equal(rig.states()['directory:/flux/a'], 'failed Flapping');
  assert.match(
    rig.items.get('directory:/flux/a')?.message ?? '',
    /^put right 5 times since 2026-11-21T12:01:00Z and changed again each time \(mode 0700 → 2775, 5 times\); left alone until 2026-11-21T12:16:00Z; next: .*anchord apply$/,
  );
  assert.deepEqual([driftedWord(held).status, driftedWord(held).reason], ['True', 'Flapping']);
  await rig.restart();
  const other = await round(rig, 7, () => chmodSync(rig.at('/flux/b'), 0o711));

  assert.deepEqual([mode(rig, 'a'), mode(rig, 'b')], [0o700, 0o755]);
  assert.deepEqual([other.settled.failed, other.settled.repaired], [1, 1]);
});

test('after the pause it is tried once more, then the pause is longer; once nothing changes it, it is right', async () => {
  await using rig = await flapping();
  await round(rig, 6);

  await round(rig, 16);
  assert.equal(mode(rig, 'a'), 0o2775);
  await round(rig, 17);
  assert.match(rig.items.get('directory:/flux/a')?.message ?? '', /left alone until 2026-11-21T12:37:00Z/);
  chmodSync(rig.at('/flux/a'), 0o2775);
  await round(rig, 18, () => {});

  assert.equal(rig.states()['directory:/flux/a'], 'in-sync');
});

test('a person or a new revision of the resource has it put right at once', async () => {
  await using rig = await flapping();
  await round(rig, 6);

  await rig.forgetFlaps();
  await round(rig, 7);
  assert.equal(mode(rig, 'a'), 0o2775);
  for (const minute of [8, 9, 10, 11, 12]) await round(rig, minute);
  assert.equal(mode(rig, 'a'), 0o700);
  await rig.pass(hostState({ directories: { '/flux/a': { mode: '0770' }, '/flux/b': { mode: '0755' } } }));

  assert.equal(mode(rig, 'a'), 0o770);
});

test('what somebody removes again and again is left alone, and what lies in it waits', async () => {
  await using rig = await PassRig.make();
  const state = hostState({ directories: { '/flux/a': {}, '/flux/a/sub': {} } });
  await rig.pass(state);
  for (let minute = 1; minute <= 6; minute++) {
    rmdirSync(rig.at('/flux/a/sub'));
    rmdirSync(rig.at('/flux/a'));
    await passAt(rig, minute, state);
    if (minute === 5) mkdirSync(rig.at('/flux/outside'));
  }

  assert.equal(rig.states()['directory:/flux/a'], 'failed Flapping');
  assert.match(rig.states()['directory:/flux/a/sub'] ?? '', /^(waiting|failed) /);
});

/** A host on which a directory was put right five times, a minute apart. */
async function flapping(): Promise<PassRig> {
  const rig = await PassRig.make();
  await passAt(rig, 0, STATE);
  for (const minute of [1, 2, 3, 4, 5]) await round(rig, minute);
  return rig;
}

function round(
  rig: PassRig,
  minute: number,
  act: () => void = () => chmodSync(rig.at('/flux/a'), 0o700),
): Promise<PassOutcome> {
  act();
  return passAt(rig, minute, STATE);
}

function passAt(rig: PassRig, minute: number, state: typeof STATE): Promise<PassOutcome> {
  rig.now = new Date(Date.parse('2026-11-21T12:00:00Z') + minute * 60_000);
  return rig.pass(state);
}

function mode(rig: PassRig, name: string): number {
  return statSync(rig.at(`/flux/${name}`)).mode & 0o7777;
}
