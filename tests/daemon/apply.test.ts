import assert from 'node:assert/strict';
import { renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApplyReport } from '../../daemon/control/apply-report.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';

const MORE = { 'hosts/motoko/more.yaml': 'directories:\n  /data/more: { mode: "0750" }\n' };

test('a running daemon is told to apply, and the command ends when the host matches the newest revision', async () => {
  await using rig = await HostRig.start();
  const revision = rig.clone().push(MORE);

  const applied = await rig.command('apply', '--json');

  assert.equal(applied.code, 0, applied.stderr);
  const report = JSON.parse(applied.stdout) as ApplyReport;
  assert.deepEqual([report.of, report.failed, report.hindrance], [revision, 0, undefined]);
  assert.equal(statSync(join(rig.root, 'data/more')).mode & 0o7777, 0o750);
});

test('how an apply ended is its exit code', async () => {
  await using rig = await HostRig.start();
  const clone = rig.clone();
  clone.push({ 'hosts/motoko/more.yaml': 'directories:\n  /data/work/sub: {}\n  /data/bad: {}\n' });
  writeFileSync(join(rig.root, 'data/bad'), '');

  const partial = await rig.command('apply');
  rmSync(join(rig.root, 'data/bad'));
  clone.push({ 'hosts/motoko/broken.yaml': 'directorees: {}\n' });
  const invalid = await rig.command('apply');
  clone.push({ 'hosts/motoko/broken.yaml': null });
  renameSync(join(rig.root, 'data/.anchord-volume'), join(rig.root, 'data/gone'));
  const refused = await rig.command('apply');
  renameSync(join(rig.root, 'data/gone'), join(rig.root, 'data/.anchord-volume'));
  renameSync(rig.upstream, `${rig.upstream}.away`);
  const unreachable = await rig.command('apply');
  renameSync(`${rig.upstream}.away`, rig.upstream);

  assert.deepEqual(
    [partial.code, invalid.code, refused.code, unreachable.code],
    [3, 4, 5, 6],
    [partial, invalid, refused, unreachable].map(({ stderr }) => stderr).join('\n'),
  );
  assert.match(partial.stdout, /failed +directory \/data\/bad +a file stands at \/data\/bad/);
  assert.match(partial.stdout, /\n[0-9a-f]{10}: \d changed, 0 put right, 1 failed, 0 waiting\n$/);
  assert.match(unreachable.stdout, /0 failed/);
});

test('without a daemon the branch is looked at, checked, trusted and applied once, under the same lock', async () => {
  await using rig = await HostRig.start();
  await rig.anchord.stop();
  const revision = rig.clone().push(MORE);

  const [applied, other] = await Promise.all([
    rig.command('apply', '--json'),
    rig.command('apply', '--json'),
  ]);

  const [done, late] = applied.code === 0 ? [applied, other] : [other, applied];
  assert.equal(done.code, 0, done.stderr);
  assert.ok(late.code === 0 || /another anchord .*has the state directory/.test(late.stderr), late.stderr);
  assert.equal(statSync(join(rig.root, 'data/more')).mode & 0o7777, 0o750);
  await rig.run();
  const status = await rig.untilReady(revision);
  assert.equal(status.source.applied, revision);
  assert.equal((await rig.history()).passes[0]?.revision, revision);
});

test('a folder is applied once where no daemon runs, is not trusted, and the daemon goes back to the branch', async () => {
  await using rig = await HostRig.start();
  const clone = rig.clone();
  writeFileSync(
    join(clone.dir, 'hosts/motoko/directories.yaml'),
    'directories:\n  /data/work: { mode: "0711" }\n',
  );
  const refused = await rig.command('apply', clone.dir);
  await rig.anchord.stop();

  const applied = await rig.command('apply', clone.dir);
  const invalid = await rig.command('apply', rig.temp);

  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /a daemon runs on this host.*\n {2}next: .*anchord plan .*push it/);
  assert.deepEqual([applied.code, invalid.code], [0, 4], applied.stderr + invalid.stderr);
  assert.equal(statSync(join(rig.root, 'data/work')).mode & 0o7777, 0o711);
  const told = await rig.command('history');
  assert.match(told.stdout, /pass +applied .*1 changed, applied by hand from/);
  await rig.run();
  await rig.anchord.event('pass.ended');
  assert.equal(statSync(join(rig.root, 'data/work')).mode & 0o7777, 0o2775);
});

test('history and policy log tell what was, with and without a daemon, in columns and as JSON', async () => {
  await using rig = await HostRig.start({
    files: { ...STATE_FILES, 'hosts/motoko/links.yaml': 'links:\n  /data/latest: { target: /data/work }\n' },
  });
  const from = rig.anchord.now();
  // In one step: a pass in the middle of it would put the link back.
  symlinkSync('/a\nb', join(rig.root, 'data/other'));
  renameSync(join(rig.root, 'data/other'), join(rig.root, 'data/latest'));
  await rig.anchord.event('pass.ended', ({ pass }) => pass.repaired > 0, from);
  await rig.command('policy', 'init', 'nightly');
  assert.equal((await rig.command('policy', 'run', 'nightly')).code, 0);

  const running = await rig.command('history');
  const log = await rig.command('policy', 'log', 'nightly');
  await rig.anchord.stop();
  const alone = await rig.command('history', '--json');
  const logAlone = await rig.command('policy', 'log', 'nightly', '--json');

  assert.match(
    running.stdout,
    /^ended +what +result +took +details\n\S+Z +nightly +ok +\d+ s +person, snapshot/,
  );
  assert.match(running.stdout, /1 put right: link \/data\/latest \(target \/a⟨U\+000A⟩b → /);
  assert.match(log.stdout, /^ended +outcome +took +details\n\S+Z +ok +\d+ s +person, snapshot \w{8}, /);
  assert.equal((JSON.parse(alone.stdout) as { passes: readonly unknown[] }).passes.length > 1, true);
  assert.equal((JSON.parse(logAlone.stdout) as readonly unknown[]).length, 1);
  const unknown = await rig.command('policy', 'log', 'frob');
  assert.deepEqual([unknown.code, /no policy "frob"/.test(unknown.stderr)], [1, true]);
  assert.equal((await rig.command('history', '--limit', '0')).code, 2);
});
