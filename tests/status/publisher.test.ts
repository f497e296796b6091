import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import type { History, Pass, Run } from '../../state-schema/generated/history.ts';
import { statusOf } from '../git/status-of.ts';
import { emptyHistory } from '../page/sample-history.ts';
import { PublisherRig } from './publisher-rig.ts';
import { resource } from './status-facts.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test('the first status is published by itself, and after it only news', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await settled(rig);

  rig.clock.time += MINUTE;
  publisher.note('soon');
  await rig.until(() => rig.composed === 3);
  rig.facts = { resources: [resource('directory:/flux/a', { state: 'failed' })] };
  publisher.note('soon');
  await rig.until(() => rig.count('status.published') === 2);

  assert.equal(await rig.commits(), 2);
  assert.equal((await rig.published()).resources.counts['failed'], 1);
});

const BRANCH = 'refs/heads/anchord-status/motoko';

test('a branch that somebody overwrote or removed is put right at the next look, and looking alone does nothing', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await settled(rig);
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
  await settled(rig);
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
  await settled(rig);
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
  const composed = rig.composed;
  for (let n = 0; n < 100; n++) publisher.seen(commit);
  await nextTurns();

  assert.equal(rig.composed, composed);
  assert.equal(await rig.git.git(['-C', rig.remote, 'rev-parse', BRANCH]), commit);
});

test('a remote that is away for a day is caught up with in one commit, and nothing that happened is lost', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await settled(rig);
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

test('a restart publishes nothing twice', async () => {
  await using rig = await PublisherRig.make();
  {
    await using _first = await rig.start();
    await rig.until(() => rig.count('status.published') === 1);
  }
  const before = rig.composed;
  {
    await using _second = await rig.start();
    await rig.until(() => rig.composed > before);
  }

  assert.equal(await rig.commits(), 1);
});

test('once a day the branch says that the daemon lives', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await settled(rig);

  rig.clock.time += DAY - 1_000;
  publisher.note('soon');
  await rig.until(() => rig.composed === 3);
  rig.clock.time += 2_000;
  publisher.note('soon');
  await rig.until(() => rig.count('status.published') === 2);

  assert.equal((await rig.published()).generatedAt, rig.clock.now().toISOString());
  assert.equal(await rig.commits(), 2);
});

test('five commits at once, then the next waits for its minute, and only what is urgent does not', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  for (let n = 1; n <= 5; n++) {
    await rig.until(() => rig.count('status.published') === n);
    rig.facts = { version: `1.0.${n}` };
    publisher.note('soon');
  }
  const composed = rig.composed;
  await rig.until(() => rig.composed > composed);

  rig.facts = { version: 'urgent' };
  publisher.note('urgent');
  await rig.until(() => rig.count('status.published') === 6);
  rig.facts = { version: '2.0.0' };
  rig.clock.time += MINUTE;
  publisher.note('soon');
  await rig.until(() => rig.count('status.published') === 7);

  // 1.0.5 was looked at, and nothing was left to publish it with.
  const versions = ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.4', 'urgent', '2.0.0'];
  assert.deepEqual(await rig.versions(), versions);
});

test('while the remote is away news is kept; when it is back the branch says what is so, not that it could not', async () => {
  await using rig = await PublisherRig.make();
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.published') === 1);
  await settled(rig);
  await rename(rig.remote, `${rig.remote}.away`);

  rig.facts = { version: '2.0.0' };
  publisher.note('soon');
  await rig.until(() => rig.count('status.failed') === 1);
  await rig.until(() => rig.count('condition.changed') === 2);
  const [condition] = await rig.store.conditions();
  assert.deepEqual(
    [condition?.type, condition?.status, condition?.reason],
    ['StatusPublished', 'False', 'Offline'],
  );

  await rename(`${rig.remote}.away`, rig.remote);
  publisher.note('urgent');
  await rig.until(() => rig.count('status.published') === 2);
  const status = await rig.published();
  assert.equal(status.daemon.version, '2.0.0');
  assert.equal(status.summary.level, 'ok');
  assert.equal(status.conditions.find(({ type }) => type === 'StatusPublished')?.status, 'True');
});

test('a failure is tried again by itself, and noting it does not make that any sooner', async () => {
  await using rig = await PublisherRig.make();
  await rename(rig.remote, `${rig.remote}.away`);
  await using publisher = await rig.start();
  await rig.until(() => rig.count('condition.changed') === 1);

  const composed = rig.composed;
  for (let n = 0; n < 100; n++) publisher.note('soon');
  await nextTurns();
  assert.equal(rig.composed, composed);

  await rename(`${rig.remote}.away`, rig.remote);
  await rig.until(() => rig.count('status.published') === 1); // after the first pause, of two seconds at the most
});

test('after a while somebody’s word may cut a long pause short', async () => {
  await using rig = await PublisherRig.make();
  await rename(rig.remote, `${rig.remote}.away`);
  await using publisher = await rig.start();
  await rig.until(() => rig.count('condition.changed') === 1);
  await rename(`${rig.remote}.away`, rig.remote);

  rig.clock.running += MINUTE;
  publisher.note('soon');

  await rig.until(() => rig.count('status.published') === 1);
});

test('a fault in composing is told and does not end publishing', async () => {
  await using rig = await PublisherRig.make();
  rig.broken = new Error('the store is away');
  await using publisher = await rig.start();
  await rig.until(() => rig.count('status.failed') === 1);

  rig.broken = undefined;
  publisher.note('urgent');

  await rig.until(() => rig.count('status.published') === 1);
});

test('the last news is published when the daemon ends', async () => {
  await using rig = await PublisherRig.make();
  {
    await using publisher = await rig.start();
    await rig.until(() => rig.count('status.published') === 1);
    await settled(rig);
    rig.facts = { version: 'last' };
    publisher.note('soon');
  }

  assert.equal((await rig.published()).daemon.version, 'last');
});

test('a daemon ends at once although the remote is away', { timeout: 20_000 }, async () => {
  await using rig = await PublisherRig.make();
  await rename(rig.remote, `${rig.remote}.away`);
  {
    await using _publisher = await rig.start();
    await rig.until(() => rig.count('status.failed') === 1);
  }

  assert.equal(rig.count('status.published'), 0);
});

test('who turns redaction on has the names off the branch at once, without other news', async () => {
  await using rig = await PublisherRig.make();
  rig.facts = { resources: [resource('directory:/flux/private', { state: 'orphaned' })] };
  {
    await using _open = await rig.start();
    await rig.until(() => rig.count('status.published') === 1);
  }
  assert.ok(JSON.stringify(await rig.published()).includes('private'));
  {
    await using _redacted = await rig.start('key');
    await rig.until(() => rig.count('status.published') === 2);
  }

  assert.ok(!JSON.stringify(await rig.published()).includes('private'));
});

/** After a commit the publisher looks once more; then it waits. */
async function settled(rig: PublisherRig): Promise<void> {
  await rig.until(() => rig.composed === 2);
}

/** Lets everything run that is ready to. */
async function nextTurns(): Promise<void> {
  for (let n = 0; n < 20; n++) await new Promise<void>((resolve) => setImmediate(resolve));
}

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
