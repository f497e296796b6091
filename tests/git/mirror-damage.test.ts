import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { StateRepo } from '../../daemon/git/state-repo.ts';
import { flipBit, halve, looseObject, onlyPack } from './damage.ts';
import { GitRig } from './git-rig.ts';

interface Broken {
  readonly rig: GitRig;
  readonly upstream: string;
  readonly mirror: string;
  readonly repo: StateRepo;
  readonly revision: string;
}

async function soundMirror(rig: GitRig): Promise<Broken> {
  const upstream = await rig.init('up.git');
  await rig.commit(upstream, { 'hosts/motoko/a.yaml': 'before\n'.repeat(50) });
  const repo = await rig.openState(upstream);
  const revision = await rig.commit(upstream, {
    'hosts/motoko/a.yaml': 'a line that is long enough\n'.repeat(50),
  });
  await repo.fetch();
  await repo.trust(revision);
  return { rig, upstream, mirror: rig.path('state/mirror.git'), repo, revision };
}

/** The pack exploded into loose objects, as git keeps what a small transfer without checks brought. */
async function unpacked({ rig, mirror }: Broken): Promise<void> {
  const pack = await onlyPack(mirror);
  const aside = rig.path('aside.pack');
  await copyFile(pack, aside);
  await rm(`${mirror}/objects/pack`, { recursive: true });
  await mkdir(`${mirror}/objects/pack`);
  await rig.unpack(mirror, aside);
}

async function blobOf({ rig, upstream, revision }: Broken): Promise<string> {
  return looseObject(
    rig.path('state/mirror.git'),
    await rig.git(['-C', upstream, 'rev-parse', `${revision}:hosts/motoko/a.yaml`]),
  );
}

const READ_FINDS: Readonly<Record<string, (broken: Broken) => Promise<void>>> = {
  'a truncated pack': async ({ mirror }) => halve(await onlyPack(mirror)),
  'a pack with a flipped bit': async ({ mirror }) => flipBit(await onlyPack(mirror)),
  'a missing pack': async ({ mirror }) => rm(await onlyPack(mirror)),
  'a missing pack index': async ({ mirror }) => rm((await onlyPack(mirror)).replace(/pack$/, 'idx')),
  'a missing HEAD': ({ mirror }) => rm(`${mirror}/HEAD`),
  'a torn config': ({ mirror }) => writeFile(`${mirror}/config`, '[core\n\0\0\0'),
  'a folder that vanished': ({ mirror }) => rm(mirror, { recursive: true }),
  'an emptied blob': async (broken) => {
    await unpacked(broken);
    await rm(await blobOf(broken));
    await writeFile(await blobOf(broken), '');
  },
  'a blob with a flipped bit': async (broken) => {
    await unpacked(broken);
    await flipBit(await blobOf(broken));
  },
  'a truncated blob': async (broken) => {
    await unpacked(broken);
    await halve(await blobOf(broken));
  },
  'a truncated commit': async (broken) => {
    await unpacked(broken);
    await halve(looseObject(broken.mirror, broken.revision));
  },
  'a missing commit': async (broken) => {
    await unpacked(broken);
    await rm(looseObject(broken.mirror, broken.revision));
  },
};

for (const [damage, inflict] of Object.entries(READ_FINDS)) {
  test(`a read heals ${damage}`, async () => {
    await using rig = await GitRig.make();
    const broken = await soundMirror(rig);
    await inflict(broken);

    const entries = await broken.repo.readState(broken.revision, 'motoko');

    assert.deepEqual(
      entries.map(({ path, size, bytes }) => [path, size, bytes?.length]),
      [['hosts/motoko/a.yaml', 1350, 1350]],
    );
    assert.deepEqual(
      rig.events.map((event) => event.kind),
      ['mirror.healed'],
    );
    assert.match(JSON.stringify(rig.events[0]), /mirror\.git was damaged \(.+\) and is fetched anew/);
    assert.equal(await broken.repo.descends(broken.revision, broken.revision), true);
  });
}

const FETCH_FINDS: Readonly<Record<string, (broken: Broken) => Promise<void>>> = {
  'an emptied ref': ({ mirror }) => truncate(`${mirror}/refs/anchord/trusted`, 0),
  'a torn ref': ({ mirror }) => truncate(`${mirror}/refs/anchord/fetched`, 20),
  'a ref to a commit that is not there': ({ mirror }) =>
    writeFile(`${mirror}/refs/anchord/trusted`, `${'12'.repeat(20)}\n`),
  'torn packed refs': ({ mirror }) => writeFile(`${mirror}/packed-refs`, '# pack-refs with: peeled\n12ab'),
  'packed refs that are noise': ({ mirror }) => writeFile(`${mirror}/packed-refs`, randomBytes(200)),
  'a torn list of shallow commits': ({ mirror }) => writeFile(`${mirror}/shallow`, 'abc'),
  'a missing HEAD': ({ mirror }) => rm(`${mirror}/HEAD`),
};

for (const [damage, inflict] of Object.entries(FETCH_FINDS)) {
  test(`a fetch gets over ${damage}`, async () => {
    await using rig = await GitRig.make();
    const broken = await soundMirror(rig);
    await inflict(broken);
    const next = await rig.commit(broken.upstream, { 'hosts/motoko/a.yaml': 'next\n' });

    const fetched = await broken.repo.fetch({ revision: next, trusted: broken.revision });
    const entries = await broken.repo.readState(fetched, 'motoko');

    assert.equal(fetched, next);
    assert.equal(await broken.repo.descends(broken.revision, next), true);
    assert.equal(Buffer.from(entries[0]?.bytes ?? []).toString(), 'next\n');
    assert.deepEqual(
      rig.events.map((event) => event.kind),
      ['mirror.healed'],
    );
    assert.equal(await rig.git(['--git-dir', broken.mirror, 'fsck', '--no-dangling', '--no-progress']), '');
  });
}

test('locks and halves that a killed git left behind are swept away, while running and at a start', async () => {
  await using rig = await GitRig.make();
  const { mirror, repo, upstream, revision } = await soundMirror(rig);
  const leftovers = [
    'refs/anchord/fetched.lock',
    'shallow.lock',
    'packed-refs.lock',
    'objects/pack/tmp_pack_x1Y2z3',
  ];
  for (const name of leftovers) await writeFile(`${mirror}/${name}`, '');

  const next = await rig.commit(upstream, { 'hosts/motoko/a.yaml': 'next\n' });
  assert.equal(await repo.fetch(), next);
  for (const name of [...leftovers, 'HEAD.lock', 'config.lock', 'gc.pid'])
    await writeFile(`${mirror}/${name}`, '');
  await mkdir(`${mirror}/objects/tmp_objdir-incoming-x1`);
  await rig.openState(upstream);

  const names = await readdir(mirror, { recursive: true });
  assert.deepEqual(
    names.filter((name) => /lock$|tmp_|gc\.pid/.test(name)),
    [],
  );
  assert.equal(await repo.descends(revision, next), true);
  assert.deepEqual(rig.events, []);
});

test('damage is not made worse while the remote is away, and heals when it is back', async () => {
  await using rig = await GitRig.make();
  const { mirror, repo, upstream, revision } = await soundMirror(rig);
  await halve(await onlyPack(mirror));
  await rename(upstream, rig.path('away.git'));

  await assert.rejects(repo.readState(revision, 'motoko'), { name: 'Transient', reason: 'FetchFailed' });
  await rename(rig.path('away.git'), upstream);

  assert.equal((await repo.readState(revision, 'motoko')).length, 1);
});

test('an interrupted making of the mirror is made good at the next fetch', async () => {
  await using rig = await GitRig.make();
  const upstream = await rig.init('up.git');
  const tip = await rig.commit(upstream, { 'common/a': '1' });
  await mkdir(rig.path('state/mirror.git'), { recursive: true });
  const repo = await rig.openState(upstream);

  assert.equal(await repo.fetch(), tip);
  assert.equal((await repo.readState(tip, 'motoko')).length, 1);
});
