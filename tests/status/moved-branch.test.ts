import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import type { History, Pass, Run } from '../../state-schema/generated/history.ts';
import { statusOf } from '../git/status-of.ts';
import { emptyHistory } from '../page/sample-history.ts';
import { PublisherRig } from './publisher-rig.ts';

const MINUTE = 60_000;
const BRANCH = 'refs/heads/anchord-status/motoko';

test('a branch that somebody overwrote or removed is put right at the next look, and looking alone does nothing', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await rig.settled();
  const own = await rig.git.git(['-C', rig.remote, 'rev-parse', BRANCH]);
  const composed = rig.composed;
  publisher.seen(own);
  await nextTurns();
  assert.equal(rig.composed, composed);

  const foreign = await rig.git.commit(
    rig.remote,
    { a: '1' },
    { branch: 'anchord-status/motoko', parent: null },
  );
  publisher.seen(foreign);
  await rig.until(() => rig.count('status.published') === 2);
  assert.equal(await rig.git.git(['-C', rig.remote, 'rev-parse', `${BRANCH}^`]), foreign);
  assert.equal((await rig.published()).host, 'motoko');

  await rig.settled();
  await rig.git.git(['-C', rig.remote, 'update-ref', '-d', BRANCH]);
  publisher.seen(undefined);
  await rig.until(() => rig.count('status.published') === 3);
  assert.equal(await rig.commits(), 1);
});

test('a look that a push overtook makes no commit', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await rig.settled();
  const composed = rig.composed;

  publisher.seen(undefined);
  await rig.until(() => rig.composed > composed);
  rig.facts = { version: '2.0.0' };
  publisher.note('soon');
  await rig.until(() => rig.count('status.published') === 2);

  assert.equal(await rig.commits(), 2);
});

test('while the branch is taken by another daemon it is left alone, and looks do not make that any sooner', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await rig.settled();
  const other = await rig.git.openStatus(rig.remote, 'other');
  const { commit } = await other.publish({ ...statusOf({ a: '1' }), time: new Date(rig.clock.time + 1_000) });

  rig.clock.time += MINUTE;
  publisher.seen(commit);
  await rig.until(() => rig.count('status.failed') === 1);
  await rig.until(() =>
    rig.events.some(
      (event) => event.kind === 'condition.changed' && event.condition.reason === 'BranchTaken',
    ),
  );
  const [composed, began] = [rig.composed, performance.now()];
  for (let n = 0; n < 100; n++) publisher.seen(commit);
  await nextTurns();

  // By itself it tries again after a second at the soonest.
  assert.ok(rig.composed - composed <= (performance.now() - began) / 1000);
  assert.equal(await rig.git.git(['-C', rig.remote, 'rev-parse', BRANCH]), commit);
});

test('a remote that is away for a day is caught up with in one commit, and nothing that happened is lost', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await rig.settled();
  await rename(rig.remote, `${rig.remote}.away`);

  const runs: Run[] = [];
  for (let hour = 1; hour <= 24; hour++) {
    rig.clock.time += 60 * MINUTE;
    rig.clock.running += 60 * MINUTE;
    runs.push(runAt(rig.clock.time));
    rig.history = {
      ...emptyHistory(),
      policies: { nightly: [...runs] },
      passes: [passAt(rig.clock.time), ...rig.history.passes],
    };
    publisher.note('urgent');
    await rig.until(() => rig.count('status.failed') >= hour);
  }
  await rename(`${rig.remote}.away`, rig.remote);
  publisher.note('urgent');
  await rig.until(() => rig.count('status.published') === 2);

  assert.equal(await rig.commits(), 2);
  const history = JSON.parse(
    await rig.git.git(['-C', rig.remote, 'show', `${BRANCH}:history.json`]),
  ) as History;
  assert.deepEqual(history, rig.history);
  assert.equal(history.passes.length, 24);
  await rig.settled();
  assert.equal(await rig.commits(), 2);
});

/** A good run that ended just now. */
function runAt(time: number): Run {
  const endedAt = new Date(time).toISOString();
  const startedAt = new Date(time - MINUTE).toISOString();
  return { id: `run-${time}`, policy: 'nightly', trigger: 'schedule', startedAt, endedAt, outcome: 'ok' };
}

function passAt(time: number): Pass {
  const endedAt = new Date(time).toISOString();
  return {
    id: `pass-${time}`,
    revision: 'c0ffee'.repeat(7).slice(0, 40),
    startedAt: endedAt,
    endedAt,
    result: 'applied',
    changed: 0,
    repaired: 1,
    failed: 0,
    waiting: 0,
  };
}

/** Lets everything run that is ready to. */
async function nextTurns(): Promise<void> {
  for (let n = 0; n < 20; n++) await new Promise<void>((resolve) => setImmediate(resolve));
}
