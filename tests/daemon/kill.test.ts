import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AnchordEvent } from '../../daemon/events.ts';
import type { History } from '../../state-schema/generated/history.ts';
import { anchord } from '../rig/anchord-command.ts';
import { DemoRig } from '../rig/demo-rig.ts';

/** What makes each event come: a push, a broken push, or a run. */
const KINDS: Readonly<Partial<Record<AnchordEvent['kind'], 'push' | 'broken push' | 'start'>>> = {
  'daemon.started': 'start',
  'daemon.listening': 'start',
  'look.started': 'push',
  'look.ended': 'push',
  'revision.fetched': 'push',
  'revision.rejected': 'broken push',
  'revision.trusted': 'push',
  'pass.started': 'push',
  'resource.changed': 'push',
  'condition.changed': 'push',
  'pass.ended': 'push',
  'run.started': 'start',
  'run.progress': 'start',
  'run.ended': 'start',
  'status.published': 'push',
};

for (const [kind, cause] of Object.entries(KINDS) as [
  AnchordEvent['kind'],
  'push' | 'broken push' | 'start',
][]) {
  test(`killed right after ${kind}, it starts again whole and does nothing twice`, async () => {
    await using rig = cause === 'start' ? DemoRig.begin() : await DemoRig.start();
    if (cause === 'start') {
      await rig.anchord.event(kind);
    } else {
      await rig.anchord.event('run.ended');
      const from = rig.anchord.events.length;
      rig.clone().push({
        'hosts/motoko/new.yaml': cause === 'push' ? 'directories:\n  /space/new: {}\n' : 'directories: 7\n',
      });
      await rig.anchord.event(kind, () => true, from);
    }
    await rig.anchord.stop('SIGKILL');

    await rig.restart();
    if (cause === 'broken push') {
      // A good push after the broken one is what a person does next.
      rig.clone().push({ 'hosts/motoko/new.yaml': 'directories:\n  /space/new: {}\n' });
    } else if (cause === 'start') {
      rig.clone().push({ 'hosts/motoko/new.yaml': 'directories:\n  /space/new: {}\n' });
    }

    await rig.until(
      (status) =>
        status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') &&
        existsSync(join(rig.root, 'space/new')),
    );
    await rig.until((status) =>
      status.policies.some(({ name, lastSuccessAt }) => name === 'flux-local' && lastSuccessAt !== undefined),
    );
    assertNothingTwice(await rig.history());
    assertBranchWhole(rig);
    assertRepositoryWhole(rig);
  });
}

test('killed while an accept-rewrite waits, it still accepts exactly that commit', async () => {
  await using rig = await DemoRig.start();
  const clone = rig.clone();
  clone.push({ 'hosts/motoko/a.yaml': 'directories:\n  /space/a: {}\n' });
  await rig.anchord.event('pass.ended', ({ pass }) => pass.changed === 1);
  await rig.anchord.stop('SIGKILL');
  clone.git('reset', '--quiet', '--hard', 'HEAD~1');
  const rewritten = clone.push({ 'hosts/motoko/b.yaml': 'directories:\n  /space/b: {}\n' }, '--force');

  assert.equal(anchord(['accept-rewrite', rewritten, '--dir', rig.dir]).code, 0);
  await rig.restart();

  assert.ok(existsSync(join(rig.root, 'space/b')));
});

/** No slot of a schedule has two runs that did something, and no run is told twice. */
function assertNothingTwice(history: History): void {
  for (const runs of Object.values(history.policies)) {
    const ids = runs.map((run) => run.id);
    assert.equal(new Set(ids).size, ids.length);
    const slots = runs.filter((run) => run.outcome === 'ok').flatMap((run) => run.scheduledFor ?? []);
    assert.equal(new Set(slots).size, slots.length);
  }
  const passes = history.passes.map((pass) => pass.id);
  assert.equal(new Set(passes).size, passes.length);
}

/** The status branch is one line of commits, each of which changed something, in a repository without damage. */
function assertBranchWhole(rig: DemoRig): void {
  function git(...args: readonly string[]): string {
    return execFileSync('git', ['--git-dir', rig.upstream, ...args], { encoding: 'utf8' });
  }
  // All that a ref reaches, checked on the way. A push that was killed may leave more: objects without their parents.
  git(
    '-c',
    'fetch.fsckObjects=true',
    'clone',
    '--quiet',
    '--mirror',
    '--no-local',
    rig.upstream,
    join(rig.dir, 'whole'),
  );
  const rows = git('log', '--format=%T %P', 'anchord-status/motoko')
    .trim()
    .split('\n')
    .map((row) => row.split(' '));
  const trees = rows.map(([tree]) => tree);
  trees.forEach((tree, index) => assert.notEqual(tree, trees[index + 1]));
  rows.forEach(([, ...parents], index) =>
    assert.equal(parents.filter((parent) => parent !== '').length, index === rows.length - 1 ? 0 : 1),
  );
}

function assertRepositoryWhole(rig: DemoRig): void {
  execFileSync(
    'restic',
    ['-r', join(rig.root, 'space/snapshots/flux-local'), 'check', '--no-cache', '--no-lock'],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        RESTIC_PASSWORD_FILE: join(rig.dir, 'secrets/restic-password'),
        HOME: rig.dir,
      },
      stdio: 'pipe',
    },
  );
}
