import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { History } from '../../state-schema/generated/history.ts';
import type { DemoRig } from './demo-rig.ts';

/** After whatever happened to a demo: nothing was done twice, and its repositories have no damage. */
export async function assertWhole(rig: DemoRig): Promise<void> {
  await rig.untilCondition('StatusPublished', 'True');
  assertNothingTwice(await rig.history());
  assertBranchWhole(rig);
  assertRepositoryWhole(rig);
}

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
