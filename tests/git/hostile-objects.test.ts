import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GitRig } from './git-rig.ts';

/** Commits a tree of the host `motoko` whose entries have names of any bytes, and returns the commit. */
async function commitNames(rig: GitRig, upstream: string, names: readonly string[]): Promise<string> {
  const blob = await rig.git(['-C', upstream, 'hash-object', '-w', '--stdin'], 'host: {}\n');
  const entries = names.map((name) =>
    Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]),
  );
  const file = await rig.write('tree', Buffer.concat(entries));
  const tree = await rig.git(['-C', upstream, 'hash-object', '-w', '-t', 'tree', '--literally', file]);
  const hosts = await rig.git(['-C', upstream, 'mktree'], `040000 tree ${tree}\tmotoko\n`);
  const root = await rig.git(['-C', upstream, 'mktree'], `040000 tree ${hosts}\thosts\n`);
  const commit = await rig.git(['-C', upstream, 'commit-tree', root, '-m', 'names']);
  await rig.git(['-C', upstream, 'update-ref', 'refs/heads/main', commit]);
  return commit;
}

test('names of a megabyte each are cut before they fill the memory', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('upstream');
  const names = Array.from({ length: 50 }, (_, index) => `${index + 10}${'n'.repeat(1024 * 1024)}.yaml`);
  await commitNames(rig, upstream, names);
  const repo = await rig.openState(upstream);

  const entries = await repo.readState(await repo.fetch(), 'motoko');

  assert.equal(entries.length, 50);
  for (const { path } of entries) {
    assert.ok(path.length < 5000);
    assert.match(path, /^hosts\/motoko\/\d\dnnn.*…$/);
  }
});

test('a commit with a message of many megabytes is read for its files, and not for its words', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('upstream');
  const first = await rig.commit(upstream, { 'hosts/motoko/host.yaml': 'host: {}\n' });
  const tree = await rig.git(['-C', upstream, 'rev-parse', `${first}^{tree}`]);
  const message = `subject\n\n${'words '.repeat(1_000_000)}`;
  const huge = await rig.git(['-C', upstream, 'commit-tree', tree, '-p', first], message);
  await rig.git(['-C', upstream, 'update-ref', 'refs/heads/main', huge]);
  const repo = await rig.openState(upstream);

  const revision = await repo.fetch();

  assert.equal(revision, huge);
  assert.equal((await repo.readState(revision, 'motoko')).length, 1);
  assert.deepEqual(await repo.log(revision, 20), []);
  assert.equal((await repo.log(first, 20)).length, 1);
});
