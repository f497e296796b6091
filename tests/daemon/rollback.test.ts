import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';

const HOST = 'hosts/motoko/host.yaml';
const MORE = 'hosts/motoko/more.yaml';
const FILES = {
  ...STATE_FILES,
  [HOST]: 'host:\n  name: motoko\n  timezone: UTC\n  rollback: true\n',
};

test('a revision that cannot be carried out is taken back, also by a daemon that was killed over it, and mended by a push', async () => {
  await using rig = await HostRig.start({ files: FILES });
  const good = (await rig.status()).source.applied;
  writeFileSync(join(rig.root, 'data/bad'), 'in the way');
  const clone = rig.clone();
  const bad = clone.push({ [MORE]: directories('/data/new', '/data/bad') });

  await rig.anchord.event('revision.quarantined', ({ revision }) => revision === bad);
  await rig.anchord.stop('SIGKILL');
  await rig.run();
  const back = await rig.until(
    ({ source, conditions }) =>
      source.applied === good &&
      conditions.some(({ type, reason }) => type === 'Applied' && reason === 'RolledBack') &&
      conditions.some(({ type, reason }) => type === 'Ready' && reason === 'RolledBack'),
  );
  assert.match(back.summary.sentence, /went back to/);
  assert.match(back.summary.reason ?? '', /\/data\/bad/);
  assert.match(back.summary.next ?? '', /anchord apply/);
  assert.deepEqual(
    back.source.quarantined?.map(({ revision, reason }) => [revision, reason]),
    [[bad, 'ResourcesFailed']],
  );

  await rig.anchord.stop('SIGTERM');
  await rig.run();
  await rig.nextRound();
  const kept = await rig.untilCondition('Stalled', 'True', 'RolledBack');
  assert.equal(kept.source.observed, bad);
  assert.equal(kept.source.applied, good);
  const tried = rig.anchord.events.filter(({ kind }) => kind === 'revision.quarantined');
  assert.equal(tried.length, 0);

  const fix = clone.push({ [MORE]: directories('/data/new') });
  const ready = await rig.untilReady(fix);
  assert.equal(ready.source.quarantined, undefined);
  assert.ok(existsSync(join(rig.root, 'data/new')));
});

test('a person who mended the cause releases it with apply, and a bad one that comes back is not tried', async () => {
  await using rig = await HostRig.start({ files: FILES });
  const good = (await rig.status()).source.applied ?? '';
  writeFileSync(join(rig.root, 'data/bad'), 'in the way');
  const clone = rig.clone();
  const bad = clone.push({ [MORE]: directories('/data/bad') });
  await rig.untilCondition('Ready', 'False', 'RolledBack');

  clone.git('push', '--quiet', '--force', 'origin', `${good}:main`);
  await rig.untilReady(good);
  clone.git('push', '--quiet', '--force', 'origin', `${bad}:main`);
  const held = await rig.untilCondition('Ready', 'False', 'RolledBack');
  assert.equal(held.source.applied, good);

  rmSync(join(rig.root, 'data/bad'));
  const applied = await rig.command('apply');
  assert.equal(applied.code, 0, applied.stderr);
  const ready = await rig.untilReady(bad);
  assert.equal(ready.source.quarantined, undefined);
});

test('without a daemon, too, the last good revision is in force and not the one in quarantine', async () => {
  await using rig = await HostRig.start({ files: FILES });
  const good = (await rig.status()).source.applied ?? '';
  writeFileSync(join(rig.root, 'data/bad'), 'in the way');
  rig.clone().push({ [MORE]: directories('/data/bad') });
  await rig.untilCondition('Ready', 'False', 'RolledBack');
  await rig.anchord.stop('SIGTERM');

  const plan = await rig.command('plan');

  assert.match(plan.stdout, new RegExp(good.slice(0, 10)), plan.stderr);
});

test('a fix that leaves the bad commit out needs no accept-rewrite', async () => {
  await using rig = await HostRig.start({ files: FILES });
  const good = (await rig.status()).source.applied ?? '';
  writeFileSync(join(rig.root, 'data/bad'), 'in the way');
  const clone = rig.clone();
  clone.push({ [MORE]: directories('/data/bad') });
  await rig.untilCondition('Ready', 'False', 'RolledBack');

  clone.git('reset', '--quiet', '--hard', good);
  const other = clone.push({ [MORE]: directories('/data/other') }, '--force');

  await rig.untilReady(other);
  assert.ok(existsSync(join(rig.root, 'data/other')));
});

test('a failing volume is not the fault of the revision that is pushed meanwhile', async () => {
  await using rig = await HostRig.start({ files: FILES });
  rmSync(join(rig.root, 'vault/.anchord-volume'), { force: true });
  mkdirSync(join(rig.root, 'data/fine'), { recursive: true });

  const next = rig.clone().push({ [MORE]: directories('/data/fine') });

  const status = await rig.until(({ source }) => source.applied === next);
  assert.equal(status.source.quarantined, undefined);
});

function directories(...paths: readonly string[]): string {
  return `directories:\n${paths.map((path) => `  ${path}: { mode: "0755" }\n`).join('')}`;
}
