import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import type { StateEntry } from '../../state-schema/state-entry.ts';
import { GitRig } from './git-rig.ts';

function texts(entries: readonly StateEntry[]): Record<string, string | undefined> {
  return Object.fromEntries(
    entries.map((entry) => [
      entry.path,
      entry.bytes === undefined ? undefined : Buffer.from(entry.bytes).toString(),
    ]),
  );
}

test('reads the state of a host and what all hosts share, and nothing of other hosts', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('state repo with spaces.git');
  await rig.commit(upstream, {
    'README.md': 'hello',
    'common/notify.yaml': 'notify: []\n',
    'hosts/motoko/host.yaml': 'host:\n',
    'hosts/motoko-2/host.yaml': 'other\n',
  });
  const repo = await rig.openState(upstream);

  const revision = await repo.fetch({ revision: await repo.tip() });
  const entries = await repo.readState(revision, 'motoko');

  assert.deepEqual(texts(entries), {
    'common/notify.yaml': 'notify: []\n',
    'hosts/motoko/host.yaml': 'host:\n',
  });
});

test('follows a repository with a work tree through its commits', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('work', 'work-tree');
  const first = await rig.commit(upstream, { 'hosts/motoko/a.yaml': '1' });
  const repo = await rig.openState(upstream);
  assert.equal(await repo.fetch(), first);

  const second = await rig.commit(upstream, {
    'hosts/motoko/a.yaml': '2',
    'hosts/motoko/b.yaml': '2',
    'x/y': '2',
  });
  const fetched = await repo.fetch({ revision: await repo.tip(), trusted: first });

  assert.equal(fetched, second);
  assert.equal(await repo.descends(first, second), true);
  assert.equal(await repo.descends(second, first), false);
  assert.deepEqual(await repo.changedFiles({ from: first, to: second, host: 'motoko' }), [
    'hosts/motoko/a.yaml',
    'hosts/motoko/b.yaml',
  ]);
  assert.deepEqual(
    (await repo.log(second, 10)).map(({ sha, subject, author }) => [sha, subject, author]),
    [
      [second, 'commit 2', 'Anna'],
      [first, 'commit 1', 'Anna'],
    ],
  );
  await repo.trust(second);
  assert.equal(
    await rig.git(['--git-dir', rig.path('state/mirror.git'), 'rev-parse', 'refs/anchord/trusted']),
    second,
  );
});

test('a file that became a folder, and a removed folder, are told as changes', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const from = await rig.commit(upstream, {
    'common/x': '1',
    'hosts/motoko/gone/a': '1',
    'hosts/motoko/same': '1',
  });
  const to = await rig.commit(upstream, { 'common/x': null, 'common/x/y': '1', 'hosts/motoko/gone/a': null });
  const repo = await rig.openState(upstream);
  await repo.fetch();

  const changed = await repo.changedFiles({ from, to, host: 'motoko' });

  assert.deepEqual(changed, ['common/x', 'common/x/y', 'hosts/motoko/gone/a']);
});

test('an empty repository, a missing branch and a missing repository are told apart', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const repo = await rig.openState(upstream);

  await assert.rejects(repo.tip(), {
    name: 'Stalled',
    reason: 'RepositoryEmpty',
    next: /git push .*up\.git HEAD:main/,
  });
  await assert.rejects(repo.fetch(), { name: 'Stalled', reason: 'RepositoryEmpty' });
  await rig.commit(upstream, { a: '1' }, { branch: 'trunk' });
  await assert.rejects(repo.tip(), {
    name: 'Stalled',
    reason: 'BranchMissing',
    message: /no branch main; it has trunk/,
  });
  await assert.rejects(repo.fetch(), { name: 'Stalled', reason: 'BranchMissing' });
  await rm(upstream, { recursive: true });
  await assert.rejects(repo.tip(), {
    name: 'Transient',
    reason: 'FetchFailed',
    message: /up\.git.*does not appear to be a git repository/,
  });
});

test('a branch whose name only ends like ours is not ours', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { a: '1' }, { branch: 'x/refs/heads/main' });
  const repo = await rig.openState(upstream);

  await assert.rejects(repo.tip(), { reason: 'BranchMissing' });
});

test('a rewritten branch and an unrelated history do not descend from the trusted revision', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const root = await rig.commit(upstream, { 'common/a': '1' });
  const trusted = await rig.commit(upstream, { 'common/a': '2' });
  const repo = await rig.openState(upstream);
  await repo.fetch();

  const rewritten = await rig.commit(upstream, { 'common/a': '3' }, { parent: root });
  assert.equal(await repo.fetch({ trusted }), rewritten);
  assert.equal(await repo.descends(trusted, rewritten), false);
  const unrelated = await rig.commit(upstream, { 'common/a': '4' }, { parent: null });
  assert.equal(await repo.fetch({ trusted }), unrelated);
  assert.equal(await repo.descends(trusted, unrelated), false);
  assert.deepEqual(texts(await repo.readState(trusted, 'motoko')), { 'common/a': '2' });
  assert.deepEqual(rig.events, []);
});

test('a first fetch is shallow, and a mirror made anew still knows whether an old trusted revision is an ancestor', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const trusted = await rig.commit(upstream, { 'common/a': '0' });
  for (let number = 1; number <= 60; number += 1) await rig.commit(upstream, { 'common/a': `${number}` });
  const repo = await rig.openState(upstream);
  const tip = await repo.fetch();
  assert.equal((await repo.log(tip, 100)).length, 50);

  assert.equal(await repo.descends(trusted, tip), true);
  assert.equal((await repo.log(tip, 100)).length, 61);
  await rm(rig.path('state'), { recursive: true });
  const anew = await rig.openState(upstream);
  await anew.fetch({ trusted });
  await rm(upstream, { recursive: true });
  assert.equal(await anew.descends(trusted, tip), true);
});

test('a trusted revision that the remote no longer has is no ancestor, also for a mirror made anew', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const tip = await rig.commit(upstream, { 'common/a': '1' });
  const repo = await rig.openState(upstream);
  const gone = '1234567890123456789012345678901234567890';

  assert.equal(await repo.fetch({ trusted: gone }), tip);
  assert.equal(await repo.descends(gone, tip), false);
});

test('a branch that moves between asking and fetching gives the newer revision', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { 'common/a': '1' });
  const repo = await rig.openState(upstream);

  const revision = await repo.tip();
  const newer = await rig.commit(upstream, { 'common/a': '2' });

  assert.equal(await repo.fetch({ revision }), newer);
});

test('an aborted fetch rejects with the reason of its signal', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { a: '1' });
  const repo = await rig.openState(upstream);

  await assert.rejects(repo.fetch({ signal: AbortSignal.abort(new Error('stopping')) }), {
    message: 'stopping',
  });
});

test('git that is not installed is a fault with the command that installs it', async () => {
  await using rig = await GitRig.make();
  await rig.init('up.git');

  await assert.rejects(rig.openState(rig.path('up.git'), { path: '/nonexistent' }), {
    name: 'Stalled',
    reason: 'ProgramMissing',
    next: 'apt install git',
  });
});
