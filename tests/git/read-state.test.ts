import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { test } from 'node:test';
import { ENTRY_LIMIT, FILE_LIMIT_BYTES } from '../../state-schema/state-entry.ts';
import { flipBit, onlyPack } from './damage.ts';
import { GitRig } from './git-rig.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

test('strange names, links, submodules and folders are listed as what they are', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const blob = await rig.git(['-C', upstream, 'hash-object', '-w', '--stdin'], 'x');
  const commit = await rig.commit(upstream, { other: '1' });
  const index = Buffer.concat([
    Buffer.from(`commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 0\nfrom ${commit}\n`),
    Buffer.from(
      `M 100644 ${blob} "hosts/motoko/new\\nline \\"quoted\\"\\t.yaml"\nM 100644 ${blob} "hosts/motoko/gr\\303\\274n.yaml"\n`,
    ),
    Buffer.from(`M 100644 ${blob} "hosts/motoko/\\377.yaml"\nM 120000 ${blob} hosts/motoko/link.yaml\n`),
    Buffer.from(
      `M 160000 ${commit} hosts/motoko/sub\nM 100755 ${blob} hosts/motoko/folder/deep.yaml\nM 120000 ${blob} common\n`,
    ),
  ]);
  await rig.import(upstream, index);
  const repo = await rig.openState(upstream);

  const entries = await repo.readState(await repo.fetch(), 'motoko');

  assert.deepEqual(
    new Map(entries.map((entry) => [entry.path, [entry.type, entry.size, entry.bytes?.length]])),
    new Map([
      ['common', ['symlink', 0, undefined]],
      ['hosts/motoko/folder', ['folder', 0, undefined]],
      ['hosts/motoko/folder/deep.yaml', ['file', 1, 1]],
      ['hosts/motoko/grün.yaml', ['file', 1, 1]],
      ['hosts/motoko/link.yaml', ['symlink', 0, undefined]],
      ['hosts/motoko/new\nline "quoted"\t.yaml', ['file', 1, 1]],
      ['hosts/motoko/sub', ['submodule', 0, undefined]],
      [String.raw`hosts/motoko/\377.yaml`, ['file', 1, 1]],
    ]),
  );
});

test('the content of a file over the limit is never read', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { 'common/a': '1' });
  const repo = await rig.openState(upstream, { packLimitBytes: 1 });
  const large = randomBytes(FILE_LIMIT_BYTES + 1);
  await rig.commit(upstream, { 'hosts/motoko/large': large, 'hosts/motoko/small': '1' });
  const revision = await repo.fetch();
  // Spoilt in its middle: whoever read it would notice, and heal.
  await flipBit(await onlyPack(rig.path('state/mirror.git')));

  const entries = await repo.readState(revision, 'motoko');

  assert.deepEqual(
    entries.map(({ path, size, bytes: content }) => [path, size, content?.length]),
    [
      ['common/a', 1, 1],
      ['hosts/motoko/large', FILE_LIMIT_BYTES + 1, undefined],
      ['hosts/motoko/small', 1, 1],
    ],
  );
  assert.deepEqual(rig.events, []);
});

test('state, log and changes are the same when packs are too large to be read whole', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const from = await rig.commit(upstream, {
    'common/a': '1',
    'hosts/motoko/b': 'same',
    film: 'x'.repeat(10_000),
  });
  for (let number = 0; number < 60; number += 1) await rig.commit(upstream, { 'common/a': `${number}` });
  const whole = await rig.openState(upstream);
  const to = await whole.fetch({ trusted: from });
  const bounded = await rig.openState(upstream, { packLimitBytes: 1 });
  const mirror = rig.path('state/mirror.git');
  assert.ok((await readdir(`${mirror}/objects/pack`)).some((name) => name.endsWith('.pack')));

  assert.deepEqual(await bounded.readState(to, 'motoko'), await whole.readState(to, 'motoko'));
  assert.deepEqual(await bounded.log(to, 20), await whole.log(to, 20));
  assert.deepEqual(await bounded.changedFiles({ from, to, host: 'motoko' }), ['common/a']);
  await assert.rejects(stat(`${mirror}.excerpt`), { code: 'ENOENT' });
  assert.deepEqual(rig.events, []);
});

test(
  'a tree that names billions of files ends at the limit of entries',
  { timeout: PATIENCE_MS },
  async () => {
    await using rig = await GitRig.make();
    const upstream = await rig.init('up.git');
    let oid = await rig.git(['-C', upstream, 'hash-object', '-w', '--stdin'], 'x');
    let line = `100644 blob ${oid}`;
    for (let level = 0; level < 10; level += 1) {
      const names = Array.from({ length: 10 }, (_, number) => `${line}\t${number}\n`);
      oid = await rig.git(['-C', upstream, 'mktree'], names.join(''));
      line = `040000 tree ${oid}`;
    }
    const root = await rig.git(['-C', upstream, 'mktree'], `${line}\tcommon\n`);
    const commit = await rig.git(['-C', upstream, 'commit-tree', '-m', 'bomb', root]);
    await rig.git(['-C', upstream, 'update-ref', 'refs/heads/main', commit]);
    const repo = await rig.openState(upstream);

    const entries = await repo.readState(await repo.fetch(), 'motoko');

    assert.equal(entries.length, ENTRY_LIMIT + 1);
    assert.ok(entries.every((entry) => entry.bytes === undefined));
  },
);

test('a repository with SHA-256 names is refused with the way out', async () => {
  await using rig = await GitRig.make();
  const upstream = rig.path('up.git');
  await rig.git(['init', '--quiet', '--bare', '-b', 'main', '--object-format=sha256', upstream]);
  await rig.commit(upstream, { a: '1' });
  const repo = await rig.openState(upstream);
  const revision = await repo.tip();

  assert.equal(revision.length, 64);
  await assert.rejects(repo.fetch({ revision }), {
    name: 'Stalled',
    reason: 'RevisionUnreadable',
    next: /sha1/,
  });
  await assert.rejects(repo.fetch(), { name: 'Stalled', reason: 'RevisionUnreadable' });
});
