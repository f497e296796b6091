import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CheckPolicy } from '../../state-schema/generated/state-file.ts';
import { backupPolicy, initialised, policyRig, stateWith, type PolicyRig } from '../policies/policy-rig.ts';
import { biggestPack, flipByte } from '../restore/restore-rig.ts';

let rig: PolicyRig;

before(async () => {
  const policies = { local: backupPolicy(), twin: backupPolicy(), check: checkPolicy('1/256') };
  rig = await initialised(await policyRig({ policies, lockWaitMs: 500 }));
  writeFileSync(join(rig.root, 'flux/big'), randomBytes(300_000));
  await rig.runToEnd('local');
});

after(() => rig[Symbol.asyncDispose]());

test('data is read by turns, parts without packs are passed over, and the status says how much was read', async () => {
  const parts = new Set(
    readdirSync(join(rig.root, 'space/repo/data')).filter(
      (byte) => readdirSync(join(rig.root, 'space/repo/data', byte)).length > 0,
    ),
  ).size;
  const messages: (string | undefined)[] = [];
  for (let turn = 0; turn < parts; turn++) {
    const run = await rig.runToEnd('check');
    assert.equal(run.outcome, 'ok', run.message);
    messages.push(run.message);
  }

  assert.ok(parts > 1);
  assert.equal(messages[0], `local: 1 of ${parts} parts read since 2026-11-21`);
  assert.equal(messages.at(-1), `local: all ${parts} parts read by 2026-11-21`);
  const [status] = (await rig.engine.statuses(new Date('2026-11-21T12:00:00Z'))).filter(
    ({ kind }) => kind === 'check',
  );
  assert.deepEqual([status?.state, status?.source], ['ok', 'local, twin']);
  assert.match(status?.message ?? '', /parts read by 2026-11-21, 2026-11-21T12:00:00Z$/);
  assert.deepEqual(readdirSync(rig.stateDir).includes('check-cache'), true);
  assert.deepEqual(readdirSync(join(rig.stateDir, 'check-cache')), []);
});

test('while something else uses the repository a check waits, and then says so', async () => {
  const { acquireLock } = await import('../../daemon/locks/file-lock.ts');
  const { repositoryLockFile } = await import('../../daemon/policies/repository-place.ts');
  const lock = await acquireLock({ file: repositoryLockFile(rig.stateDir, '/space/repo'), mode: 'shared' });
  assert.equal(lock.kind, 'held');

  const run = await rig.runToEnd('check');

  if (lock.kind === 'held') await lock.release();
  assert.deepEqual([run.outcome, run.reason], ['failed', 'LockHeld']);
});

test('one flipped byte is found, named with its pack and the way to repair it, and not forgotten by a turn elsewhere', async () => {
  rig.engine.declare(stateWith({ local: backupPolicy(), check: checkPolicy('all') }));
  const pack = biggestPack(join(rig.root, 'space/repo'));
  const id = pack.slice(-64);
  flipByte(pack, 100_000);

  const run = await rig.runToEnd('check');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'RepositoryDamaged']);
  assert.match(
    run.message ?? '',
    new RegExp(`local: its repository is damaged: pack ${id}; next: keep a copy`),
  );
  assert.match(run.message ?? '', /repair packs /);
  rig.engine.declare(stateWith({ local: backupPolicy(), check: checkPolicy(undefined) }));
  const again = await rig.runToEnd('check');
  assert.deepEqual([again.outcome, again.reason], ['failed', 'RepositoryDamaged']);
  flipByte(pack, 100_000);
  assert.equal((await rig.runToEnd('check')).outcome, 'ok');
});

test('a missing pack is damage', async () => {
  rmSync(biggestPack(join(rig.root, 'space/repo')));

  const run = await rig.runToEnd('check');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'RepositoryDamaged']);
});

function checkPolicy(readData: string | undefined): CheckPolicy {
  return {
    kind: 'check',
    of: readData === '1/256' ? ['local', 'twin'] : ['local'],
    schedule: '0 6 * * 0',
    ...(readData === undefined ? {} : { readData }),
  };
}
