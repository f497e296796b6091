import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { test } from 'node:test';
import { GitRig } from './git-rig.ts';

const SOMEBODY = 65_534;
const asRoot = process.getuid?.() === 0 ? {} : { skip: 'only root can act for another user' };

test('a repository of another user is read and written with that user’s rights', asRoot, async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const tip = await rig.commit(upstream, { 'common/a': '1' });
  // What its owner could plant: programs that git starts on the upstream's side of a transfer.
  const witness = rig.path('up.git/witness');
  const trap = await rig.write('up.git/trap/post-receive', `#!/bin/sh\nid -u >>'${witness}'\n`);
  await chmod(trap, 0o755);
  await rig.git(['-C', upstream, 'config', 'core.hooksPath', rig.path('up.git/trap')]);
  await rig.git(['-C', upstream, 'config', 'core.alternateRefsCommand', trap]);
  await chmod(rig.dir, 0o755);
  execFileSync('chown', ['-R', `${SOMEBODY}:${SOMEBODY}`, upstream]);

  const repo = await rig.openState(upstream);
  assert.equal(await repo.fetch({ revision: await repo.tip() }), tip);
  const branch = await rig.openStatus(upstream);
  const trailers = new Map<string, string>();
  await branch.publish({ files: new Map([['a', '1']]), subject: 's', trailers, time: new Date(0) });

  const ids = new Set((await readFile(witness, 'utf8')).trim().split('\n'));
  assert.deepEqual(ids, new Set([String(SOMEBODY)]));
  assert.equal((await stat(`${upstream}/refs/heads/anchord-status/motoko`)).uid, SOMEBODY);
});

test(
  'a folder of another user cannot pass off a repository that only root may read as its own',
  asRoot,
  async () => {
    await using rig = await GitRig.make();
    const secret = await rig.init('root-only.git');
    await rig.commit(secret, { 'common/a': 'secret' });
    await chmod(secret, 0o700);
    await chmod(rig.dir, 0o755);
    await mkdir(rig.path('theirs'));
    await symlink(secret, rig.path('theirs/.git'));
    await chown(rig.path('theirs'), SOMEBODY, SOMEBODY);
    const repo = await rig.openState(rig.path('theirs'));

    await assert.rejects(repo.tip(), { name: 'Transient', reason: 'FetchFailed' });
  },
);

test('no hook runs in a repository of our own', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const hook = await rig.write('up.git/hooks/pre-receive', `#!/bin/sh\ntouch '${rig.path('ran')}'\nexit 1\n`);
  await chmod(hook, 0o755);
  await rig.git(['-C', upstream, 'config', 'core.hooksPath', rig.path('up.git/hooks')]);
  const branch = await rig.openStatus(upstream);
  const trailers = new Map<string, string>();

  const result = await branch.publish({
    files: new Map([['a', '1']]),
    subject: 's',
    trailers,
    time: new Date(0),
  });

  assert.equal(result.kind, 'published');
  await assert.rejects(stat(rig.path('ran')), { code: 'ENOENT' });
});

test('a new revision costs one ls-remote, one fetch, one merge-base and one ls-tree, its log two small listings', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const trusted = await rig.commit(upstream, { 'common/a': '1' });
  const log = rig.path('calls');
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const shim = await rig.write('bin/git', `#!/bin/sh\necho "$*" >>'${log}'\nexec '${real}' "$@"\n`);
  await chmod(shim, 0o755);
  const repo = await rig.openState(upstream, { path: `${rig.path('bin')}:${process.env['PATH'] ?? ''}` });
  await repo.fetch();
  const before = (await readFile(log, 'utf8')).length;

  const next = await rig.commit(upstream, { 'common/a': '2' });
  const revision = await repo.fetch({ revision: await repo.tip(), trusted });
  await repo.descends(trusted, revision);
  await repo.readState(revision, 'motoko');
  await repo.changedFiles({ from: trusted, to: revision, host: 'motoko' });
  await repo.log(revision, 10);

  assert.equal(revision, next);
  const calls = (await readFile(log, 'utf8')).slice(before).trim().split('\n');
  const ours = calls.map((call) => call.replace(/^--git-dir=\S+ /, '').split(' ')[0]);
  // The calls that start with -c are the upstream's own side of ls-remote and fetch.
  assert.deepEqual(
    ours.filter((command) => command !== '-c'),
    ['ls-remote', 'fetch', 'merge-base', 'ls-tree', 'rev-list', 'cat-file'],
  );
});
