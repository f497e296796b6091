import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DrillPolicy } from '../../state-schema/generated/state-file.ts';
import { proofOf } from '../../daemon/drill/proof.ts';
import { provedSnapshot } from '../../daemon/policies/proved-snapshot.ts';
import { mirrorPolicy } from '../mirror/mirror-rig.ts';
import { backupPolicy, initialised, policyRig, stateWith, type PolicyRig } from '../policies/policy-rig.ts';
import { biggestPack, flipByte } from '../restore/restore-rig.ts';

let rig: PolicyRig;
let cloud: string;

before(async () => {
  cloud = mkdtempSync(join(tmpdir(), 'anchord-cloud-'));
  const policies = {
    local: backupPolicy(),
    space: mirrorPolicy({ source: '/data' }),
    drill: drillPolicy('local', 'space'),
  };
  const overrides = { remotes: { cloud: { type: 'alias', remote: cloud } } };
  rig = await initialised(await policyRig({ policies, overrides, lockWaitMs: 500 }));
  writeFileSync(join(rig.root, 'flux/big'), randomBytes(200_000));
  writeFileSync(join(rig.root, 'flux/new\nline [x]'), 'odd');
  mkdirSync(join(rig.root, 'data/deep'), { recursive: true });
  for (let index = 0; index < 6; index++)
    writeFileSync(join(rig.root, `data/deep/f${index}`), `content ${index}`);
});

after(async () => {
  await rig[Symbol.asyncDispose]();
  rmSync(cloud, { recursive: true, force: true });
});

test('before anything was copied nothing is proved, and the drill says so', async () => {
  const run = await rig.runToEnd('drill');

  assert.deepEqual([run.outcome, run.reason], ['partial', 'ProofPartial']);
  assert.match(
    run.message ?? '',
    /local: nothing came back, there is no snapshot yet; space: .*it has not run well yet/,
  );
  assert.equal((await proofOf(rig.store, 'local'))?.lastGood, undefined);
});

test('a sample of each copy comes back as it was, is compared byte by byte, and nothing is left behind', async () => {
  await rig.runToEnd('local');
  rig.setTime('2026-11-21T12:30:00Z');
  await rig.runToEnd('local');
  // The clock of the rig stands; that of the files does not.
  rig.setTime(new Date(Date.now() + 5_000).toISOString());
  await rig.runToEnd('space');

  const run = await rig.runToEnd('drill');

  assert.deepEqual([run.outcome, run.reason], ['ok', undefined], run.message);
  assert.match(
    run.message ?? '',
    /^local: \d+ files \(.*\) came back as they were, \d+ of them byte by byte; space: 6 files \(54 B\) came back as they were, 6 of them byte by byte$/,
  );
  const local = (await proofOf(rig.store, 'local'))?.lastGood;
  assert.ok(local !== undefined && local.files >= 3 && local.hashed >= 3, JSON.stringify(local));
  assert.match((await provedSnapshot(rig.store, 'local')) ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(
    existsSync(join(rig.stateDir, 'scratch')) ? readdirSync(join(rig.stateDir, 'scratch')) : [],
    [],
  );
});

test('one object that is missing from a mirror is noticed, and one whose content is another', async () => {
  rmSync(join(cloud, 'mirror/deep/f3'));
  writeFileSync(join(cloud, 'mirror/deep/f4'), 'CONTENT 4');

  const run = await rig.runToEnd('drill');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'ProofFailed']);
  assert.match(run.message ?? '', /space: 2 of 6 files are not what was stored/);
  assert.match(run.message ?? '', /deep\/f3: it is not in the mirror/);
  assert.match(run.message ?? '', /deep\/f4: its content is not that of the source/);
  const proof = await proofOf(rig.store, 'space');
  assert.deepEqual([proof?.last.verdict, proof?.lastGood?.verdict], ['wrong', 'good']);
});

test('what was moved after the mirror ran is told, and is no loss', async () => {
  rig.setTime(new Date().toISOString());
  await rig.runToEnd('space');
  renameSync(join(rig.root, 'data/deep'), join(rig.root, 'data/elsewhere'));

  const run = await rig.runToEnd('drill');

  assert.notEqual(run.outcome, 'failed', run.message);
  assert.match(run.message ?? '', /space: .*6 were moved, or may have been, since the mirror ran/);
});

test('what changed after the mirror ran is not held against it', async () => {
  rig.engine.declare(
    stateWith({
      local: backupPolicy(),
      space: mirrorPolicy({ source: '/data' }),
      drill: drillPolicy('space'),
    }),
  );
  await rig.runToEnd('space');
  const later = new Date(Date.now() - 60_000).toISOString();
  rig.setTime(later);
  await rig.runToEnd('space');
  writeFileSync(join(rig.root, 'data/fresh'), 'x');

  const run = await rig.runToEnd('drill');

  assert.deepEqual([run.outcome, run.reason], ['partial', 'ProofPartial'], run.message);
  assert.match(run.message ?? '', /there was nothing to download and compare/);
});

test('one flipped byte in a pack is noticed', async () => {
  rig.engine.declare(stateWith({ local: backupPolicy(), drill: drillPolicy('local') }));
  flipByte(biggestPack(join(rig.root, 'space/repo')), 100_000);

  const run = await rig.runToEnd('drill');

  assert.deepEqual([run.outcome, run.reason], ['failed', 'ProofFailed'], run.message);
  assert.match(run.message ?? '', /local: \d of \d+ files are not what was stored \(\/flux\/big: /);
  assert.match(run.message ?? '', /; next: do not trust that copy/);
});

test('what a drill that was killed had restored is removed at the next start', async () => {
  const left = join(rig.stateDir, 'scratch/drill/local-12345678');
  mkdirSync(left, { recursive: true });
  const begun = {
    id: 'killed',
    policy: 'drill',
    trigger: 'person',
    startedAt: '2026-11-21T12:00:00Z',
  } as const;
  await rig.store.beginRun(begun);

  await rig.engine.start();

  assert.ok(!existsSync(left));
});

function drillPolicy(...of: readonly [string, ...string[]]): DrillPolicy {
  return { kind: 'drill', of: [...of], sample: 20, schedule: '0 7 * * 0' };
}
