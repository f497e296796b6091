import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AnchordEvent } from '../../daemon/events.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { anchord } from '../rig/anchord-command.ts';
import { DemoRig } from '../rig/demo-rig.ts';

test('a push makes the directory, a status commit and a page that says so', async () => {
  await using rig = await DemoRig.start();
  await rig.settled();
  const clone = rig.clone();
  const from = rig.anchord.now();

  const revision = clone.push({
    'hosts/motoko/photos.yaml': 'directories:\n  /space/photos:\n    mode: "2775"\n',
  });

  const passed = await rig.anchord.event('pass.ended', ({ pass }) => pass.revision === revision, from);
  assert.equal(statSync(join(rig.root, 'space/photos')).mode & 0o7777, 0o2775);
  // The first backups and the first mirror may still run.
  await rig.until(({ source, summary }) => source.applied === revision && summary.level === 'ok');
  let branch: Status;
  let told: AnchordEvent = passed;
  do {
    // The first commit after the pass may be one that was under way before it.
    told = await rig.anchord.event('status.published', () => true, rig.anchord.after(told));
    branch = JSON.parse(clone.gitAt('origin/anchord-status/motoko', 'status.json')) as Status;
  } while (branch.source.applied !== revision);
  assert.ok(branch.resources.items.some((item) => item.id === 'directory:/space/photos'));
});

test('a broken push changes nothing, says where it is broken, and a mended one goes on', async () => {
  await using rig = await DemoRig.startSmall();
  const clone = rig.clone();
  const good = clone.git('rev-parse', 'HEAD').trim();

  const broken = clone.push({
    'hosts/motoko/photos.yaml': 'directories:\n  /space/photos:\n    mod: "2775"\n  /etc/passwd: {}\n',
  });

  const rejected = await rig.anchord.event('revision.rejected', ({ revision }) => revision === broken);
  assert.deepEqual(
    rejected.problems.map(({ file, line, column }) => `${file}:${line}:${column}`),
    ['hosts/motoko/photos.yaml:3:5', 'hosts/motoko/photos.yaml:4:3'],
  );
  const status = await rig.untilCondition('Ready', 'False', 'RevisionInvalid');
  assert.equal(status.source.applied, good);
  assert.equal(status.problems.length, 2);
  assert.equal(existsSync(join(rig.root, 'space/photos')), false);

  const mended = clone.push({ 'hosts/motoko/photos.yaml': 'directories:\n  /space/photos: {}\n' });
  // The demo adopts its volumes beside the loop: a pass that ends now need not be one of this push.
  await rig.untilReady(mended);
  assert.ok(existsSync(join(rig.root, 'space/photos')));
});

test('a rewritten branch is refused until a person accepts exactly that commit', async () => {
  await using rig = await DemoRig.startSmall();
  const clone = rig.clone();
  await rig.untilReady(clone.push({ 'hosts/motoko/a.yaml': 'directories:\n  /space/a: {}\n' }));
  clone.git('reset', '--quiet', '--hard', 'HEAD~1');
  const rewritten = clone.push({ 'hosts/motoko/b.yaml': 'directories:\n  /space/b: {}\n' }, '--force');

  const rejected = await rig.anchord.event('revision.rejected', ({ revision }) => revision === rewritten);

  assert.equal(rejected.fault.reason, 'RewriteRefused');
  assert.equal(existsSync(join(rig.root, 'space/b')), false);
  assert.equal(anchord(['accept-rewrite', 'abc', '--dir', rig.dir]).code, 5);
  const unseen = anchord(['accept-rewrite', 'a'.repeat(40), '--dir', rig.dir]);
  assert.match(unseen.stdout, /^accepted a{40}; no such commit was refused so far/);
  const accepted = anchord(['accept-rewrite', rewritten, '--dir', rig.dir]);
  assert.deepEqual(
    [accepted.code, accepted.stdout],
    [0, `accepted ${rewritten}; the daemon looks at it now\n`],
  );
  await rig.anchord.event('revision.trusted', (event) => event.revision === rewritten);
  const after = await rig.untilReady(rewritten);
  assert.ok(existsSync(join(rig.root, 'space/b')));
  const orphan = after.resources.items.find((item) => item.id === 'directory:/space/a');
  assert.equal(orphan?.state, 'orphaned');
  assert.ok(existsSync(join(rig.root, 'space/a')));
});

test('the scheduler makes a snapshot that plain restic lists', async () => {
  await using rig = await DemoRig.startSmall();
  await rig.settled();
  const clone = rig.clone();
  const policies = readFileSync(join(clone.dir, 'hosts/motoko/policies.yaml'), 'utf8');
  const everyMinute = policies.replace('schedule: "0 * * * *"', 'schedule: "* * * * *"');
  assert.notEqual(everyMinute, policies);

  const revision = clone.push({ 'hosts/motoko/policies.yaml': everyMinute });

  const { pass } = await rig.anchord.event('pass.ended', (event) => event.pass.revision === revision);
  assert.equal(pass.changed, 1, 'a new schedule is a change like any other');
  const { run } = await rig.anchord.event('run.ended', (event) => event.run.trigger === 'schedule');
  assert.equal(run.outcome, 'ok');
  const snapshots = JSON.parse(
    execFileSync(
      'restic',
      ['-r', join(rig.root, 'space/snapshots/flux-local'), 'snapshots', '--json', '--no-cache'],
      {
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'] ?? '',
          RESTIC_PASSWORD_FILE: join(rig.dir, 'secrets/restic-password'),
          HOME: rig.dir,
        },
      },
    ),
  ) as { readonly id: string; readonly tags: readonly string[]; readonly hostname: string }[];
  const made = snapshots.find(
    (snapshot) => run.snapshot !== undefined && snapshot.id.startsWith(run.snapshot.slice(0, 8)),
  );
  assert.deepEqual(made?.tags, ['policy:flux-local']);
  assert.equal(made?.hostname, 'motoko');
});

test('ends cleanly on SIGINT and goes on where it was', async () => {
  await using rig = await DemoRig.startSmall();
  await rig.settled();
  const before = await rig.status();
  assert.equal(anchord(['status', '--check', '--dir', rig.dir]).code, 0);
  assert.deepEqual(await rig.anchord.stop('SIGINT'), { code: 0, signal: null });
  assert.equal(anchord(['status', '--check', '--dir', rig.dir]).code, 1, 'nobody is there to be ready');

  await rig.restart();
  await rig.anchord.event('look.ended');
  const after = await rig.untilReady();

  assert.equal(after.source.applied, before.source.applied);
  const runs = (await rig.history()).policies['flux-local'] ?? [];
  const [first, last] = [runs[0], before.policies.find(({ name }) => name === 'flux-local')?.lastRun];
  // A full hour may have come meanwhile, and its run is right.
  assert.ok(first?.id === last?.id || first?.trigger !== 'person');
  assert.equal(
    rig.anchord.events.some(
      (event) =>
        event.kind === 'revision.trusted' || (event.kind === 'run.started' && event.trigger === 'person'),
    ),
    false,
  );
});

test('a second daemon on one state directory is refused', async () => {
  await using rig = await DemoRig.startSmall();

  const second = anchord(['demo', '--dir', rig.dir, '--listen', '127.0.0.1:0']);

  assert.equal(second.code, 1);
  assert.match(second.stderr, /another anchord \(process \d+\) has the state directory/);
});
