import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupPolicy, initialised, policyRig, type PolicyRig } from './policy-rig.ts';

test('a clock that jumps a year ahead starts one run, and one set back again none; the next slot is right each time', async () => {
  await using rig = await initialised(await policyRig());
  await rig.engine.wake();

  const caughtUp = rig.next('run.ended');
  rig.setClock('2027-11-21T12:30:00Z');
  await rig.engine.wake();
  const { run } = await caughtUp;
  for (let minute = 0; minute < 3; minute++) await rig.engine.wake();
  const ahead = await nextSlot(rig);
  rig.setClock('2026-11-21T12:31:00Z');
  for (let minute = 0; minute < 3; minute++) await rig.engine.wake();

  assert.deepEqual([run.trigger, run.outcome], ['catch-up', 'ok']);
  assert.equal(ahead, '2027-11-21T13:00:00Z');
  assert.equal(await nextSlot(rig), '2026-11-21T13:00:00Z');
  assert.equal(rig.events.filter(({ kind }) => kind === 'run.started').length, 1);
});

test('after a jump nothing is forgotten, and the run says why', async () => {
  await using rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ keep: { last: 1 } }) } }),
  );
  await rig.runToEnd('local');
  await rig.runToEnd('local');
  rig.setClock('2027-11-21T12:30:00Z');

  const jumped = await rig.runToEnd('local');
  rig.setTime('2027-11-22T12:31:00Z');
  const believed = await rig.runToEnd('local');

  assert.deepEqual([jumped.outcome, jumped.reason], ['ok', 'ForgetFailed']);
  assert.match(jumped.message ?? '', /the clock was moved by more than an hour .* nothing is deleted by age/);
  assert.deepEqual([believed.reason, believed.removed], [undefined, 2]);
});

test('while schedules are held back nothing starts by itself, a person still can, and one run catches up', async () => {
  await using rig = await initialised(await policyRig());
  await rig.engine.wake();
  rig.held.fault = { reason: 'Suspended', message: 'suspended by anna', next: 'anchord resume' };
  rig.setTime('2026-11-21T15:30:00Z');
  await rig.engine.wake();

  const [status] = await rig.engine.statuses(new Date('2026-11-21T15:30:00Z'));
  const byPerson = await rig.runToEnd('local');
  delete rig.held.fault;
  const caughtUp = rig.next('run.ended');
  await rig.engine.wake();

  assert.deepEqual([status?.state, status?.reason], ['waiting', 'Suspended']);
  assert.equal(byPerson.outcome, 'ok');
  assert.equal((await caughtUp).run.trigger, 'catch-up');
  await rig.engine.wake();
  assert.equal(rig.events.filter(({ kind }) => kind === 'run.started').length, 2);
});

async function nextSlot(rig: PolicyRig): Promise<string | undefined> {
  return (await rig.store.schedules())[0]?.nextRunAt;
}
