import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { PublisherRig } from './publisher-rig.ts';
import { resource } from './status-facts.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

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

  const [composed, began] = [rig.composed, performance.now()];
  for (let n = 0; n < 100; n++) publisher.note('soon');
  await nextTurns();
  // By itself it tries again after a second at the soonest.
  assert.ok(rig.composed - composed <= (performance.now() - began) / 1000);

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

test('a daemon ends at once although the remote is away', { timeout: PATIENCE_MS }, async () => {
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
