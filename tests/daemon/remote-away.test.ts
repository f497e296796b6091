import assert from 'node:assert/strict';
import { chmodSync, existsSync, renameSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';

test('an upstream that is empty when the daemon starts is picked up by itself at the first push', async () => {
  await using rig = HostRig.make({ files: 'empty' });
  await rig.run();
  const empty = await rig.untilCondition('Ready', 'False', 'RepositoryEmpty');
  assert.match(messageOf(empty, 'Fetched'), /push a first commit: git push .*upstream\.git HEAD:main/);
  assert.match(messageOf(empty, 'Ready'), /push a first commit/);

  rig.clone().push(STATE_FILES);

  await rig.adopt('data', 'vault');
  await rig.untilReady();
  assert.ok(existsSync(join(rig.root, 'data/work/today')));
});

test('an upstream that is not there when the daemon first starts is picked up when it comes', async () => {
  await using rig = HostRig.make();
  renameSync(rig.upstream, `${rig.upstream}.away`);
  await rig.run();
  const away = await rig.untilCondition('Fetched', 'False', 'FetchFailed');
  assert.match(messageOf(away, 'Fetched'), /upstream\.git/);

  renameSync(`${rig.upstream}.away`, rig.upstream);

  await rig.adopt('data', 'vault');
  await rig.untilReady();
});

test('a deleted branch changes nothing, is named, and goes on when it is back', async () => {
  await using rig = await HostRig.start();
  const clone = rig.clone();
  const good = (await rig.status()).source.applied;

  clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/other');
  clone.git('--git-dir', rig.upstream, 'update-ref', '-d', 'refs/heads/main');

  const gone = await rig.untilCondition('Ready', 'False', 'BranchMissing');
  assert.match(messageOf(gone, 'Ready'), /has no branch main; it has .*other.*push main/);
  assert.equal(gone.source.applied, good);
  rmdirSync(join(rig.root, 'data/work/today'));
  await rig.until(() => existsSync(join(rig.root, 'data/work/today')));

  const revision = clone.push({ 'hosts/motoko/new.yaml': 'directories:\n  /data/new: {}\n' });
  await rig.untilReady(revision);
  assert.ok(existsSync(join(rig.root, 'data/new')));
});

test('while the remote is away drift is put right, and a push made meanwhile is seen when it is back', async () => {
  await using rig = await HostRig.start();
  const clone = rig.clone();
  const away = `${rig.upstream}.away`;
  renameSync(rig.upstream, away);
  const status = await rig.untilCondition('Fetched', 'False', 'FetchFailed');
  assert.match(
    messageOf(status, 'Fetched'),
    /check repository\.url in the host settings, and that the repository exists/,
  );

  chmodSync(join(rig.root, 'data/work'), 0o700);
  await rig.until(() => modeOf(rig, 'data/work') === 0o2775);
  clone.git('remote', 'set-url', 'origin', away);
  const revision = clone.push({ 'hosts/motoko/new.yaml': 'directories:\n  /data/new: {}\n' });
  renameSync(away, rig.upstream);

  await rig.untilReady(revision);
  assert.ok(existsSync(join(rig.root, 'data/new')));
});

test('a remote that stays away never makes the rounds on the host rarer', async () => {
  await using rig = await HostRig.start();
  renameSync(rig.upstream, `${rig.upstream}.away`);
  for (let failures = 0; failures < 2; failures++)
    await rig.anchord.event('look.failed', () => true, rig.anchord.now());
  let isAlone = false;

  // The next look comes ever later: sooner or later there is a pass before it, also on a machine that is slow.
  for (let attempt = 1; attempt <= 4 && !isAlone; attempt++) {
    const failed = await rig.anchord.event('look.failed', () => true, rig.anchord.now());
    rmdirSync(join(rig.root, 'data/work/today'));
    const from = rig.anchord.after(failed);
    const ended = await rig.anchord.event('pass.ended', ({ pass }) => pass.repaired === 1, from);
    const between = rig.anchord.events.slice(from.seen, rig.anchord.after(ended).seen);
    isAlone = between.every(({ kind }) => kind !== 'look.started');
  }

  assert.ok(isAlone, 'the host was only made to match when the remote was asked');
});

test('a start with the remote away carries on with what was in force: drift, schedules and all', async () => {
  await using rig = await HostRig.start();
  const init = await rig.command('policy', 'init', 'nightly');
  assert.equal(init.code, 0, init.stderr);
  const { applied } = (await rig.status()).source;
  await rig.anchord.stop();
  await missSlot(rig, 'nightly');
  rmdirSync(join(rig.root, 'data/work/today'));
  renameSync(rig.upstream, `${rig.upstream}.away`);

  await rig.run();

  const { run } = await rig.anchord.event('run.ended');
  assert.equal(run.outcome, 'ok', run.message);
  assert.equal(run.trigger, 'catch-up');
  assert.ok(existsSync(join(rig.root, 'data/work/today')));
  const status = await rig.untilCondition('Fetched', 'False');
  assert.equal(status.source.applied, applied);

  renameSync(`${rig.upstream}.away`, rig.upstream);
  await rig.untilReady(applied);
});

/** Makes a policy look as if its time had come while nothing ran. */
async function missSlot(rig: HostRig, policy: string): Promise<void> {
  await using store = await openSqliteStore({ file: join(rig.state, 'anchord.db') });
  const row = (await store.schedules()).find((one) => one.policy === policy);
  assert.ok(row !== undefined);
  await store.saveSchedules({ put: [{ ...row, nextRunAt: '2026-01-01T03:00:00Z' }], remove: [] });
}

function messageOf({ conditions }: Status, type: string): string {
  return conditions.find((condition) => condition.type === type)?.message ?? '';
}

function modeOf(rig: HostRig, path: string): number {
  return statSync(join(rig.root, path)).mode & 0o7777;
}
