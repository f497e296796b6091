import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import { HostRig } from '../rig/host-rig.ts';

/** The daemon looks at the schedules once a minute, and rounds take a second here: so many pass in much less than that. */
const SOON_ROUNDS = 20;

test('a run that is due waits for its disk, and begins as soon as that is back', async () => {
  await using rig = await HostRig.start();
  assert.equal((await rig.command('policy', 'init', 'nightly')).code, 0);
  await rig.anchord.stop();
  await missSlot(rig);
  const sentinel = join(rig.root, 'vault/.anchord-volume');
  renameSync(sentinel, `${sentinel}-away`);
  await rig.run();
  const waiting = await rig.until(({ policies }) => policies[0]?.state === 'waiting');
  assert.deepEqual(
    [waiting.policies[0]?.reason, waiting.policies[0]?.lastRun],
    ['SentinelMissing', undefined],
  );

  renameSync(`${sentinel}-away`, sentinel);

  const { run } = await rig.anchord.event('run.ended');
  assert.deepEqual([run.outcome, run.trigger], ['ok', 'catch-up']);
  const kinds = rig.anchord.events.map((event) =>
    event.kind === 'resource.changed' && event.resource.id === 'volume:vault'
      ? event.resource.state
      : event.kind,
  );
  const between = kinds.slice(kinds.lastIndexOf('in-sync'), kinds.indexOf('run.started'));
  const rounds = between.filter((kind) => kind === 'look.started').length;
  assert.ok(rounds <= SOON_ROUNDS, `it began after ${rounds} rounds: ${kinds.join(' ')}`);
});

/** Makes the policy look as if its time had come while nothing ran. */
async function missSlot(rig: HostRig): Promise<void> {
  await using store = await openSqliteStore({ file: join(rig.state, 'anchord.db') });
  const put = (await store.schedules()).map((row) => ({ ...row, nextRunAt: '2026-01-01T03:00:00Z' }));
  await store.saveSchedules({ put, remove: [] });
}
