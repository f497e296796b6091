import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Pass } from '../../state-schema/generated/history.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';

const LINKS = 'links:\n  /data/latest: { target: /data/work/today }\n';

let rig: HostRig;
before(async () => {
  rig = await HostRig.start({ files: { ...STATE_FILES, 'hosts/motoko/links.yaml': LINKS } });
});
after(() => rig[Symbol.asyncDispose]());

/** What people and programs do to a managed thing, and how it is when it was put right. */
const DRIFTS: readonly {
  readonly what: string;
  readonly act: () => void;
  readonly right: () => boolean;
  readonly repaired: number;
}[] = [
  {
    what: 'a directory whose mode was changed',
    act: () => chmodSync(at('work'), 0o777),
    right: () => modeOf('work') === 0o2775,
    repaired: 1,
  },
  {
    what: 'a directory that was removed',
    act: () => rmdirSync(at('work/today')),
    right: () => modeOf('work/today') === 0o755,
    repaired: 1,
  },
  {
    what: 'a tree that was removed',
    // In one step: a pass in the middle of it would see half a tree.
    act() {
      renameSync(at('work'), at('gone'));
      rmSync(at('gone'), { recursive: true });
    },
    right: () => modeOf('work') === 0o2775 && modeOf('work/today') === 0o755,
    repaired: 2,
  },
  {
    what: 'a directory that was moved away',
    act: () => renameSync(at('work/today'), at('yesterday')),
    right: () => modeOf('work/today') === 0o755 && existsSync(at('yesterday')),
    repaired: 1,
  },
  {
    what: 'a link that was pointed elsewhere',
    // In one step: a pass in the middle of it would put the link back.
    act() {
      symlinkSync('/etc', at('elsewhere'));
      renameSync(at('elsewhere'), at('latest'));
    },
    right: () => statSync(at('latest')).ino === statSync(at('work/today')).ino,
    repaired: 1,
  },
  {
    what: 'a link that was removed',
    act: () => unlinkSync(at('latest')),
    right: () => statSync(at('latest')).ino === statSync(at('work/today')).ino,
    repaired: 1,
  },
];

for (const { what, act, right, repaired } of DRIFTS) {
  test(`${what} is put right at the next round, and the history tells`, async () => {
    const from = rig.anchord.now();

    act();

    const { pass } = await rig.anchord.event('pass.ended', (event) => event.pass.repaired > 0, from);
    assert.ok(right());
    assert.deepEqual(countsOf(pass), { changed: 0, repaired, failed: 0, waiting: 0 });
    const [newest] = (await rig.history()).passes;
    assert.deepEqual(newest, pass);
    await rig.until((status) => status.resources.items.every((item) => item.state === 'in-sync'));
  });
}

test('what was put right is named in the event and the history, from what was found to what is wanted', async () => {
  const from = rig.anchord.now();

  chmodSync(at('work'), 0o700);

  const id = 'directory:/data/work';
  const told = await rig.anchord.event('resource.changed', ({ resource }) => resource.id === id, from);
  assert.deepEqual([told.resource.state, told.what], ['drifted', 'mode 0700 → 2775']);
  const { pass } = await rig.anchord.event('pass.ended', (event) => event.pass.repaired > 0, from);
  assert.deepEqual(pass.repairs, [{ id, what: 'mode 0700 → 2775' }]);
});

test('a file where a directory should be is explained and kept, and without it the directory is made', async () => {
  const from = rig.anchord.now();
  putInPlace('work', () => writeFileSync(at('work'), 'my notes\n'));

  const status = await rig.untilCondition('Applied', 'False', 'ResourcesFailed');

  const items = new Map(status.resources.items.map((item) => [item.id, item]));
  assert.match(
    items.get('directory:/data/work')?.message ?? '',
    /a file stands at \/data\/work.*move it away/,
  );
  assert.equal(items.get('directory:/data/work/today')?.reason, 'DependencyFailed');
  await rig.anchord.event('pass.ended', ({ pass }) => pass.failed === 1 && pass.waiting === 1, from);
  assert.ok(statSync(at('work')).isFile());

  unlinkSync(at('work'));
  await rig.untilReady();
  assert.equal(modeOf('work/today'), 0o755);
});

test('a directory where a link should be is explained and kept', async () => {
  putInPlace('latest', () => mkdirSync(at('latest')));
  writeFileSync(at('latest/kept'), 'data\n');

  const status = await rig.untilCondition('Applied', 'False', 'ResourcesFailed');

  const link = status.resources.items.find((item) => item.id === 'link:/data/latest');
  assert.match(link?.message ?? '', /a directory stands at \/data\/latest, where a link should be/);
  assert.ok(existsSync(at('latest/kept')));

  rmSync(at('latest'), { recursive: true });
  await rig.untilReady();
  assert.ok(statSync(at('latest')).isDirectory());
});

test('a directory that is no longer declared is kept and named, and forgotten once somebody removes it', async () => {
  const clone = rig.clone();
  await rig.untilReady(clone.push({ 'hosts/motoko/old.yaml': 'directories:\n  /data/old: {}\n' }));
  const revision = clone.push({ 'hosts/motoko/old.yaml': null });

  const status = await rig.untilReady(revision);

  const orphan = status.resources.items.find((item) => item.id === 'directory:/data/old');
  assert.equal(orphan?.state, 'orphaned');
  assert.match(orphan.message ?? '', /rmdir \/data\/old/);
  rmdirSync(at('old'));
  await rig.until(({ resources }) => resources.items.every((item) => item.id !== 'directory:/data/old'));
});

/** Puts something where the daemon keeps another thing: again when a pass was faster. */
function putInPlace(path: string, put: () => void): void {
  for (let attempt = 1; ; attempt++) {
    renameSync(at(path), at(`aside-${path}-${attempt}`));
    try {
      put();
      return;
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

function at(path: string): string {
  return join(rig.root, 'data', path);
}

function modeOf(path: string): number {
  return statSync(at(path)).mode & 0o7777;
}

function countsOf({ changed, repaired, failed, waiting }: Pass): object {
  return { changed, repaired, failed, waiting };
}
