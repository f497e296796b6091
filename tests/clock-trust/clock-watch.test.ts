import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ClockWatch } from '../../daemon/clock-trust/clock-watch.ts';
import { isSynchronised, parseSynchronised } from '../../daemon/commands/timedatectl.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import { bootId, uptimeMs } from '../../daemon/uptime.ts';
import { tempFolder } from '../files/temp-folder.ts';

const HOUR = 60 * 60_000;

test('a jump is remembered over a restart of the daemon, and not over one of the machine; sleep is no jump', async () => {
  await using folder = await tempFolder('clock');
  await using store = await openSqliteStore({ file: join(folder.path, 'anchord.db') });
  let now = Date.parse('2026-11-21T12:00:00Z');
  let passed = 0;
  function watch(boot: string): ClockWatch {
    const clock = { now: () => new Date(now), monotonic: () => 0 };
    return new ClockWatch({
      store,
      clock,
      elapsed: () => passed,
      boot,
      isSynchronised: () => Promise.resolve(undefined),
    });
  }
  const first = watch('a');
  await first.fault();

  now += 8 * HOUR;
  passed += 8 * HOUR;
  const afterSleep = await first.fault();
  now -= 2 * HOUR;
  const restarted = await watch('a').fault();
  const rebooted = await watch('b').fault();

  assert.equal(afterSleep, undefined);
  assert.equal(restarted?.reason, 'ClockJumped');
  assert.equal(rebooted, undefined);
});

test('this machine tells how long it runs, and which start that was', async () => {
  const before = uptimeMs();

  assert.ok(before > 0 && uptimeMs() >= before);
  assert.match(bootId(), /^[0-9a-f-]{36}$/);
  assert.ok([true, false, undefined].includes(await isSynchronised(process.env['PATH'] ?? '')));
  assert.equal(await isSynchronised('/nonexistent'), undefined);
  assert.deepEqual(['yes\n', 'no\n', '', 'n/a\n'].map(parseSynchronised), [
    true,
    false,
    undefined,
    undefined,
  ]);
});
