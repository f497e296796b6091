import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { acquireLock } from '../../daemon/locks/file-lock.ts';
import { repositoryLockFile } from '../../daemon/policies/repository-place.ts';
import type { BackupPolicy } from '../../state-schema/generated/state-file.ts';
import type { PolicyStatus } from '../../state-schema/generated/status.ts';
import { backupPolicy, initialised, policyRig, stateWith, type PolicyRig } from './policy-rig.ts';

test('a policy runs at its slot and not before, and remembers the next one', async () => {
  await using rig = await initialised(await policyRig());
  await rig.engine.start();
  assert.equal(await nextRunAt(rig), '2026-11-21T13:00:00Z');
  const ended = rig.next('run.ended');
  rig.setTime('2026-11-21T12:59:59Z');
  await rig.engine.wake();
  assert.equal(rig.events.length, 0);

  rig.setTime('2026-11-21T13:00:00Z');
  await rig.engine.wake();
  const { run } = await ended;

  assert.deepEqual([run.outcome, run.trigger, run.scheduledFor], ['ok', 'schedule', '2026-11-21T13:00:00Z']);
  assert.equal(await nextRunAt(rig), '2026-11-21T14:00:00Z');
});

test('slots missed while the machine was off are caught up by one run', async () => {
  await using rig = await initialised(await policyRig());
  await rig.store.saveSchedules({ put: [row('2026-11-18T05:00:00Z')], remove: [] });
  const ended = rig.next('run.ended');

  await rig.engine.start();
  const { run } = await ended;
  await rig.engine.wake();

  assert.deepEqual([run.outcome, run.trigger, run.scheduledFor], ['ok', 'catch-up', '2026-11-18T05:00:00Z']);
  assert.equal(rig.events.filter((event) => event.kind === 'run.started').length, 1);
  assert.equal(await nextRunAt(rig), '2026-11-21T13:00:00Z');
});

test('a due run waits while a guard fails, shows why, and starts when the volume is back', async () => {
  await using rig = await initialised(await policyRig());
  await rig.store.saveSchedules({ put: [row('2026-11-21T11:00:00Z')], remove: [] });
  rig.faults.set('/flux', { reason: 'NotMounted', message: '/flux is not mounted', next: 'mount /flux' });
  await rig.engine.start();
  const waiting = await status(rig);
  const ended = rig.next('run.ended');

  rig.faults.clear();
  await rig.engine.wake();
  const { run } = await ended;

  assert.deepEqual(
    [waiting.state, waiting.reason, waiting.message],
    ['waiting', 'NotMounted', '/flux is not mounted; next: mount /flux'],
  );
  assert.deepEqual([run.outcome, run.trigger], ['ok', 'catch-up']);
  assert.equal((await status(rig)).state, 'ok');
});

test('a policy whose repository nobody initialised waits and says the command; a missing restic the package', async () => {
  await using rig = await policyRig();
  await rig.engine.start();
  const waiting = await status(rig);
  await using bare = await policyRig({ path: '/nonexistent' });
  const missing = await status(bare);
  await bare.store.rememberRepository('/space/repo', 'x');

  const refused = await bare.engine.runNow('local');

  assert.deepEqual([waiting.state, waiting.reason], ['waiting', 'NotInitialised']);
  assert.match(waiting.message, /anchord policy init local/);
  assert.deepEqual([missing.state, missing.reason], ['waiting', 'ProgramMissing']);
  assert.match(missing.message, /apt install restic/);
  assert.deepEqual(refused, {
    kind: 'refused',
    fault: {
      reason: 'ProgramMissing',
      message: 'the program restic is not installed',
      next: 'apt install restic',
    },
  });
});

test('policies of kinds that are not carried out are said to be so, and never run', async () => {
  const tiers = { kind: 'tier', schedule: '* * * * *' } as const;
  await using rig = await policyRig({ policies: { tiers } });
  await rig.engine.start();
  rig.setTime('2026-11-25T12:00:00Z');
  await rig.engine.wake();

  const statuses = await rig.engine.statuses(new Date('2026-11-25T12:00:00Z'));

  assert.deepEqual(
    statuses.map((one) => [one.name, one.state, one.reason]),
    [['tiers', 'not-carried-out', 'NotCarriedOutYet']],
  );
  assert.equal((await rig.engine.runNow('tiers')).kind, 'refused');
  assert.equal((await rig.engine.runNow('constructor')).kind, 'refused');
  assert.deepEqual(rig.events, []);
});

test('one run of a policy at a time; cancel ends it cleanly, as cancelled', async () => {
  await using rig = await slowRig();
  const progress = rig.next('run.progress');
  const started = await rig.engine.runNow('local');
  assert.ok(started.kind === 'started');
  await progress;
  const second = await rig.engine.runNow('local');
  const whileRunning = await status(rig);

  assert.equal(rig.engine.cancel('local'), true);
  const run = await started.ended;

  assert.equal(second.kind === 'refused' && second.fault.reason, 'LockHeld');
  assert.equal(whileRunning.state, 'running');
  assert.deepEqual([run.outcome, run.reason], ['cancelled', 'Cancelled']);
  assert.equal(rig.engine.cancel('local'), false);
  assert.equal(await rig.restic('/space/repo', 'list', 'locks', '--no-lock'), '');
});

test('a run that takes longer than its timeout is stopped, cleanly, and has failed', async () => {
  await using rig = await slowRig({ timeout: '3s' });

  const run = await rig.runToEnd('local');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'TimedOut']);
  assert.match(run.message ?? '', /timeout of 3s/);
  assert.deepEqual(await readdir(join(rig.root, 'space/repo/locks')), []);
});

test('a repository in use is tried again, and a stop ends the waiting', async () => {
  await using rig = await initialised(await policyRig({ lockWaitMs: 1, retryPausesMs: [1, 600_000] }));
  const lock = await acquireLock({
    file: repositoryLockFile(rig.stateDir, '/space/repo'),
    mode: 'exclusive',
  });
  assert.ok(lock.kind === 'held');
  const started = await rig.engine.runNow('local');
  assert.ok(started.kind === 'started');
  while (!rig.events.some((event) => event.kind === 'run.progress' && event.progress.etaSeconds === 600))
    await rig.next('run.progress');
  const waiting = (await status(rig)).progress?.phase;

  rig.engine.cancel('local');
  const run = await started.ended;
  await lock.release();

  assert.deepEqual([waiting, run.outcome, run.reason], ['waiting to try again', 'cancelled', 'Cancelled']);
});

test('a repository in use by another process is waited for a bounded time', async () => {
  await using rig = await initialised(await policyRig({ lockWaitMs: 600 }));
  const holder = fileURLToPath(new URL('../locks/lock-holder.js', import.meta.url));
  const file = repositoryLockFile(rig.stateDir, '/space/repo');
  const other = spawn(process.execPath, [holder, file, 'exclusive'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(other.stdout, 'data');
  const blocked = await rig.runToEnd('local');
  const exit = once(other, 'exit');
  other.kill('SIGKILL');
  await exit;

  const free = await rig.runToEnd('local');

  assert.deepEqual([blocked.outcome, blocked.reason, free.outcome], ['failed', 'LockHeld', 'ok']);
  assert.match(blocked.message ?? '', new RegExp(`in use by process ${other.pid}`));
});

test('two policies of one repository run beside each other, and each forgets its own', async () => {
  const policies = { one: backupPolicy({ keep: { last: 1 } }), two: backupPolicy({ keep: { last: 1 } }) };
  await using rig = await policyRig({ policies });
  await initialised(rig, 'one');

  const runs = await Promise.all([rig.runToEnd('one'), rig.runToEnd('two')]);
  const again = await Promise.all([rig.runToEnd('one'), rig.runToEnd('two')]);

  assert.deepEqual(
    [...runs, ...again].map((run) => [run.outcome, run.reason, run.removed]),
    [
      ['ok', undefined, 0],
      ['ok', undefined, 0],
      ['ok', undefined, 1],
      ['ok', undefined, 1],
    ],
  );
});

test('stopping the daemon stops restic cleanly, and the slot is caught up after the next start', async () => {
  await using rig = await slowRig();
  await rig.store.saveSchedules({ put: [row('2026-11-21T12:00:00Z')], remove: [] });
  const progress = rig.next('run.progress');
  await rig.engine.start();
  await progress;

  await rig.engine[Symbol.asyncDispose]();

  const [run] = await rig.store.runs({});
  assert.deepEqual([run?.outcome, run?.reason], ['cancelled', 'Interrupted']);
  assert.equal(await nextRunAt(rig), '2026-11-21T12:00:00Z');
  assert.equal(await rig.restic('/space/repo', 'list', 'locks', '--no-lock'), '');
});

test('after kill -9 in the middle of a run it is recorded as interrupted, caught up once, and the repository is whole', async () => {
  await using rig = await slowRig();
  await rig.store.saveSchedules({ put: [row('2026-11-21T12:00:00Z')], remove: [] });
  const slow = JSON.stringify({ bandwidth: '20KB' });
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('engine-process.js', import.meta.url)), rig.folder, '2026-11-21T12:00:30Z', slow],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await exit;
  rig.engine.declare(stateWith({ local: backupPolicy() }));
  rig.setTime('2026-11-21T12:10:00Z');
  const interrupted = rig.next('run.ended');

  await rig.engine.start();
  const first = (await interrupted).run;
  const caughtUp = await endOf(rig, 'catch-up');

  assert.deepEqual([first.outcome, first.reason, first.trigger], ['failed', 'Interrupted', 'schedule']);
  assert.deepEqual(
    [caughtUp.outcome, caughtUp.scheduledFor],
    ['ok', '2026-11-21T12:00:00Z'],
    caughtUp.message,
  );
  assert.equal(await nextRunAt(rig), '2026-11-21T13:00:00Z');
  assert.deepEqual(await rig.store.openRuns(), []);
  // Fails, and throws, when anything is wrong with the repository.
  await rig.restic('/space/repo', 'unlock');
  await rig.restic('/space/repo', 'check');
});

test('an interrupted catch-up is not caught up again', async () => {
  await using rig = await initialised(await policyRig());
  await rig.store.beginRun(
    {
      id: 'x',
      policy: 'local',
      trigger: 'catch-up',
      scheduledFor: '2026-11-21T09:00:00Z',
      startedAt: '2026-11-21T11:00:00Z',
    },
    row('2026-11-21T13:00:00Z'),
  );

  await rig.engine.start();

  assert.deepEqual(
    rig.events.map((event) => event.kind),
    ['run.ended'],
  );
  assert.equal(await nextRunAt(rig), '2026-11-21T13:00:00Z');
});

/** A rig with something to back up that takes some seconds. */
async function slowRig(change: Partial<BackupPolicy> = {}): Promise<PolicyRig> {
  const rig = await initialised(
    await policyRig({ policies: { local: backupPolicy({ bandwidth: '20KB', ...change }) } }),
  );
  await mkdir(join(rig.root, 'flux/big'));
  await writeFile(join(rig.root, 'flux/big/random'), randomBytes(3_000_000));
  return rig;
}

async function endOf(
  rig: PolicyRig,
  trigger: string,
): Promise<Extract<PolicyRig['events'][number], { kind: 'run.ended' }>['run']> {
  for (;;) {
    const found = rig.events.find((event) => event.kind === 'run.ended' && event.run.trigger === trigger);
    if (found?.kind === 'run.ended') return found.run;
    await rig.next('run.ended');
  }
}

async function status(rig: PolicyRig): Promise<PolicyStatus> {
  const [first] = await rig.engine.statuses(new Date('2026-11-21T12:00:00Z'));
  assert.ok(first);
  return first;
}

async function nextRunAt(rig: PolicyRig): Promise<string | undefined> {
  return (await rig.store.schedules())[0]?.nextRunAt;
}

function row(time: string): Parameters<PolicyRig['store']['saveSchedules']>[0]['put'][number] {
  return { policy: 'local', cron: '0 * * * *', timezone: 'America/New_York', nextRunAt: time };
}
