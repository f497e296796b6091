import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Status } from '../../state-schema/generated/status.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';
import type { StateClone } from '../rig/state-clone.ts';

/** The usual files, for a host of another name. */
function filesFor(host: string): Record<string, string> {
  const usual = Object.entries(STATE_FILES);
  return Object.fromEntries(
    usual.map(([path, text]) => [path.replace('motoko', host), text.replace('motoko', host)]),
  );
}

/** A second daemon, with folders of its own, that follows the first one's upstream. */
function besides(first: HostRig, host: string): HostRig {
  const second = HostRig.make({ files: 'empty' });
  second.configure({ host, repository: { url: first.upstream, branch: 'main', interval: '1s' } });
  return second;
}

test('two hosts on one repo each do their own part and write their own branch', async () => {
  await using first = await HostRig.start();
  const clone = first.clone();
  clone.push(filesFor('batou'));
  await using second = besides(first, 'batou');
  await second.run();
  await second.adopt('data', 'vault');
  await second.untilReady();

  const revision = clone.push({
    'hosts/batou/new.yaml': 'directories:\n  /data/for-batou: {}\n',
    'common/all.yaml': 'directories:\n  /data/for-all: {}\n',
  });
  await Promise.all([first.untilReady(revision), second.untilReady(revision)]);

  assert.ok(!existsSync(join(first.root, 'data/for-batou')));
  assert.ok(existsSync(join(second.root, 'data/for-batou')));
  for (const rig of [first, second]) assert.ok(existsSync(join(rig.root, 'data/for-all')));
  for (const [rig, host] of [
    [first, 'motoko'],
    [second, 'batou'],
  ] as const) {
    const status = await untilBranchSays(rig, clone, host, revision);
    assert.equal(status.host, host);
    const authors = clone.git('log', '--format=%ae', `origin/anchord-status/${host}`).trim().split('\n');
    assert.deepEqual([...new Set(authors)], [`anchord@${host}`]);
    assert.equal((await rig.condition('StatusPublished'))?.status, 'True');
  }
});

test('a revision that is wrong for one host is refused there alone', async () => {
  await using first = await HostRig.start();
  const clone = first.clone();
  clone.push(filesFor('batou'));
  await using second = besides(first, 'batou');
  await second.run();
  await second.adopt('data', 'vault');
  await second.untilReady();

  const revision = clone.push({ 'hosts/batou/bad.yaml': 'directories: 7\n' });

  await first.untilReady(revision);
  const refused = await second.untilCondition('Ready', 'False', 'RevisionInvalid');
  assert.equal(refused.problems[0]?.file, 'hosts/batou/bad.yaml');
  assert.notEqual(refused.source.applied, revision);
});

test('two daemons with one host name do not fight over the branch: the elder says so and leaves it', async () => {
  await using elder = await HostRig.start();
  await elder.untilCondition('StatusPublished', 'True');
  await using younger = besides(elder, 'motoko');
  await younger.run();
  await younger.adopt('data', 'vault');
  await younger.untilReady();

  const taken = await elder.untilCondition('StatusPublished', 'False', 'BranchTaken');

  const message = taken.conditions.find(({ type }) => type === 'StatusPublished')?.message ?? '';
  assert.match(
    message,
    /another daemon writes to anchord-status\/motoko.*give it another host: in its settings/,
  );
  const before = branchLength(elder);
  const revision = elder.clone().push({ 'hosts/motoko/new.yaml': 'directories:\n  /data/new: {}\n' });
  await Promise.all([elder.untilReady(revision), younger.untilReady(revision)]);
  await younger.untilCondition('StatusPublished', 'True');
  assert.ok(branchLength(elder) >= before);
  assert.equal((await elder.condition('StatusPublished'))?.reason, 'BranchTaken');
  assert.equal(elder.anchord.events.filter(({ kind }) => kind === 'status.failed').length < 20, true);
});

test('a status branch that somebody overwrites or deletes is put right at the next look', async () => {
  await using rig = await HostRig.start();
  await rig.untilPublished(() => true);
  await rig.untilCondition('StatusPublished', 'True');
  const clone = rig.clone();

  const byHand = clone.commit({ 'by-hand': 'x' });
  clone.pushUntilThrough('--force', 'HEAD:anchord-status/motoko');
  await untilBranch(rig, clone, (git) => /^status\.json$/m.test(git('ls-tree', '--name-only', BRANCH)));
  clone.git('merge-base', '--is-ancestor', byHand, BRANCH);

  clone.pushUntilThrough(':anchord-status/motoko');
  await untilBranch(rig, clone, (git) => /^status\.json$/m.test(git('ls-tree', '--name-only', BRANCH)));
  assert.throws(() => clone.git('merge-base', '--is-ancestor', byHand, BRANCH));
});

const BRANCH = 'origin/anchord-status/motoko';

/** Waits until the status branch is there and as it should be. */
async function untilBranch(
  rig: HostRig,
  clone: StateClone,
  isSo: (git: (...args: readonly string[]) => string) => boolean,
): Promise<void> {
  await rig.until(() => {
    clone.git('fetch', '--quiet', '--prune', '--force', 'origin', '+refs/heads/*:refs/remotes/origin/*');
    const isThere = clone.git('branch', '--remotes', '--list', BRANCH) !== '';
    return isThere && isSo((...args) => clone.git(...args));
  });
}

/** Waits until a host's branch tells of a revision. */
async function untilBranchSays(
  rig: HostRig,
  clone: StateClone,
  ...[host, revision]: readonly [string, string]
): Promise<Status> {
  function told(): Status | undefined {
    clone.git('fetch', '--quiet', 'origin');
    const branch = `origin/anchord-status/${host}`;
    if (clone.git('branch', '--remotes', '--list', branch) === '') return undefined;
    return JSON.parse(clone.git('show', `${branch}:status.json`)) as Status;
  }
  let status: Status | undefined;
  await rig.until(() => (status = told())?.source.applied === revision);
  assert.ok(status !== undefined);
  return status;
}

function branchLength(rig: HostRig): number {
  return Number(rig.clone().git('rev-list', '--count', 'origin/anchord-status/motoko'));
}
