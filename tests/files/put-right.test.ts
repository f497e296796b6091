import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { asRoot } from './privileges.ts';
import { snapshot } from './snapshot.ts';
import { directory, link, VolumeRig } from './volume-rig.ts';

const USER = 54_321;
const GROUP = 54_322;

test(
  'directories are made with owner, group and mode, and the setgid bit survives the change of owner',
  asRoot,
  async () => {
    await using rig = await VolumeRig.make();
    const wants = [directory('/flux/active', { uid: USER, gid: GROUP, mode: 0o2775 })];

    const results = rig.putRight(wants);

    assert.deepEqual(results, [{ id: 'directory:/flux/active', kind: 'done' }]);
    const stats = statSync(rig.at('/flux/active'));
    assert.deepEqual([stats.uid, stats.gid, stats.mode & 0o7777], [USER, GROUP, 0o2775]);
  },
);

test('a change of owner alone keeps the mode, setgid and sticky bits included', asRoot, async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/active', 0o3775);

  rig.putRight([directory('/flux/active', { uid: USER, gid: GROUP })]);

  assert.equal(rig.mode('/flux/active'), 0o3775);
  assert.equal(statSync(rig.at('/flux/active')).uid, USER);
});

test('parents that nobody declared are made so that others can pass', async () => {
  await using rig = await VolumeRig.make();

  rig.putRight([directory('/flux/a/b/c', { mode: 0o700 })]);

  assert.deepEqual(
    ['/flux/a', '/flux/a/b', '/flux/a/b/c'].map((path) => rig.mode(path)),
    [0o755, 0o755, 0o700],
  );
});

test('every difference is found, with what is there and what should be', asRoot, async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/active', 0o700);
  chownSync(rig.at('/flux/active'), 1, 2);

  const [finding] = rig.observe([directory('/flux/active', { uid: USER, gid: GROUP, mode: 0o2775 })]);

  assert.deepEqual(finding?.differences, [
    { field: 'owner', from: '1', to: String(USER) },
    { field: 'group', from: '2', to: String(GROUP) },
    { field: 'mode', from: '0700', to: '2775' },
  ]);
});

test('drift is put right, down to nothing left to find', asRoot, async () => {
  await using rig = await VolumeRig.make();
  const wants = [
    directory('/flux/a', { uid: USER, gid: GROUP, mode: 0o2775 }),
    directory('/flux/a/b', { mode: 0o750 }),
    link('/flux/a/l', '/elsewhere'),
  ];
  rig.putRight(wants);
  chmodSync(rig.at('/flux/a'), 0o777);
  chownSync(rig.at('/flux/a'), 0, 0);
  rmSync(rig.at('/flux/a/b'), { recursive: true });
  rmSync(rig.at('/flux/a/l'));
  symlinkSync('/planted', rig.at('/flux/a/l'));

  assert.equal(rig.observe(wants).length, 3);
  rig.putRight(wants);

  assert.deepEqual(rig.observe(wants), []);
  assert.equal(readlinkSync(rig.at('/flux/a/l')), '/elsewhere');
  assert.equal(rig.mode('/flux/a'), 0o2775);
});

test('what is right is not touched, not even its change time', async () => {
  await using rig = await VolumeRig.make();
  const wants = [directory('/flux/a', { mode: 0o2775 }), directory('/flux/a/b'), link('/flux/l', 'a')];
  rig.putRight(wants);
  const before = snapshot(rig.root);

  assert.deepEqual(rig.observe(wants), []);
  rig.putRight(wants);

  assert.deepEqual(snapshot(rig.root), before);
});

test('only what is asked for is put right', async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/a', 0o700);
  rig.makeDirectory('/flux/b', 0o700);
  const wants = [directory('/flux/a', { mode: 0o755 }), directory('/flux/b', { mode: 0o755 })];

  rig.putRight(wants, ['directory:/flux/b']);

  assert.deepEqual([rig.mode('/flux/a'), rig.mode('/flux/b')], [0o700, 0o755]);
});

test('the top of a volume is put right like any directory', async () => {
  await using rig = await VolumeRig.make();
  chmodSync(rig.at('/flux'), 0o777);
  const top = { ...directory('/flux', { mode: 0o755 }), id: 'volume:flux' };

  assert.deepEqual(rig.observe([top])[0]?.differences, [{ field: 'mode', from: '0777', to: '0755' }]);
  rig.putRight([top]);

  assert.equal(rig.mode('/flux'), 0o755);
});

test('a mode without the setgid bit takes away what a new directory inherits', async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/shared', 0o2775);

  rig.putRight([directory('/flux/shared/plain', { mode: 0o755 })]);

  assert.equal(rig.mode('/flux/shared/plain'), 0o755);
});

test('a link that points elsewhere is replaced, and nothing is left beside it', async () => {
  await using rig = await VolumeRig.make();
  symlinkSync('old', rig.at('/flux/l'));

  const results = rig.putRight([link('/flux/l', 'new')]);

  assert.deepEqual(results, [{ id: 'link:/flux/l', kind: 'done' }]);
  assert.equal(readlinkSync(rig.at('/flux/l')), 'new');
  assert.deepEqual(readdirSync(rig.at('/flux')), ['l']);
});

test('a directory or a file in the place of a link stays, with everything in it', async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/d');
  writeFileSync(rig.at('/flux/d/data'), 'precious');
  writeFileSync(rig.at('/flux/f'), 'precious');
  const before = snapshot(rig.root);

  const results = rig.putRight([link('/flux/d', 'x'), link('/flux/f', 'x')]);

  assert.deepEqual(
    results.map((result) => [result.kind, result.kind === 'failed' && result.seen.kind]),
    [
      ['failed', 'directory'],
      ['failed', 'other'],
    ],
  );
  assert.deepEqual(snapshot(rig.root), before);
});

test('one that fails does not stop its neighbours', async () => {
  await using rig = await VolumeRig.make();
  writeFileSync(rig.at('/flux/a'), 'in the way');
  const wants = [
    directory('/flux/a'),
    directory('/flux/a/below'),
    directory('/flux/b'),
    link('/flux/c', 'b'),
  ];

  const results = rig.putRight(wants);

  assert.deepEqual(
    results.map(({ id, kind }) => [id, kind]),
    [
      ['directory:/flux/a', 'failed'],
      ['directory:/flux/a/below', 'failed'],
      ['directory:/flux/b', 'done'],
      ['link:/flux/c', 'done'],
    ],
  );
  assert.equal(readFileSync(rig.at('/flux/a'), 'utf8'), 'in the way');
});

test('names with line ends, quotes, percent signs, brackets, spaces and any script are only names', async () => {
  await using rig = await VolumeRig.make();
  const names = [
    'a\nb',
    '100%',
    '%2e%2e',
    'x]y[',
    `q'"\`$(id)`,
    '日本 語',
    '\u202eevil',
    '-rf',
    ' ',
    '\\',
    '...',
    '~',
  ];
  const wants = names.flatMap((name) => [
    directory(`/flux/${name}`, { mode: 0o750 }),
    link(`/flux/${name}/${name}`, name),
  ]);

  rig.putRight(wants);

  assert.deepEqual(rig.observe(wants), []);
  assert.deepEqual(readdirSync(rig.at('/flux')).toSorted(), names.toSorted());
  for (const name of names) assert.ok(lstatSync(rig.at(`/flux/${name}/${name}`)).isSymbolicLink(), name);
});

test('a name that is too long for the file system fails alone', async () => {
  await using rig = await VolumeRig.make();
  const long = `/flux/${'n'.repeat(300)}`;

  const results = rig.putRight([directory(long), directory('/flux/short')]);

  assert.deepEqual(
    results.map(({ kind }) => kind),
    ['failed', 'done'],
  );
  assert.deepEqual(results[0]?.kind === 'failed' && results[0].seen, {
    kind: 'blocked',
    block: { why: 'error', at: long, code: 'ENAMETOOLONG' },
  });
});

test('without the right to, nothing changes and the result says why', asRoot, async () => {
  await using rig = await VolumeRig.make();
  rig.makeDirectory('/flux/kept', 0o700);
  mkdirSync(rig.at('/flux/kept/mine'));
  chownSync(rig.at('/flux/kept'), USER, USER);
  chmodSync(rig.root, 0o755);
  chmodSync(rig.at('..'), 0o755);
  const wants = [directory('/flux/kept', { mode: 0o777 }), directory('/flux/kept/mine', { mode: 0o777 })];
  const before = snapshot(rig.root);

  process.seteuid?.(USER + 1);
  const results = (() => {
    try {
      return rig.putRight(wants);
    } finally {
      process.seteuid?.(0);
    }
  })();

  assert.deepEqual(
    results.map((result) => result.kind === 'failed' && result.seen.kind === 'blocked' && result.seen.block),
    [
      { why: 'error', at: '/flux/kept', code: 'EACCES' },
      { why: 'error', at: '/flux/kept', code: 'EACCES' },
    ],
  );
  assert.deepEqual(snapshot(rig.root), before);
});
