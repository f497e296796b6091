import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Reason, Status } from '../../state-schema/generated/status.ts';
import { snapshot } from '../files/snapshot.ts';
import { HostRig } from '../rig/host-rig.ts';

let rig: HostRig;
let sentinel: string;
before(async () => {
  rig = await HostRig.start();
  sentinel = join(rig.root, 'data/.anchord-volume');
  const init = await rig.command('policy', 'init', 'nightly');
  assert.equal(init.code, 0, init.stderr);
});
after(() => rig[Symbol.asyncDispose]());

/** What a wrong disk, a bare mount point or somebody with a shell makes of the sentinel. */
const SENTINELS: readonly {
  readonly what: string;
  readonly alter: (text: string) => void;
  readonly reason: Reason;
}[] = [
  { what: 'removed', alter: () => {}, reason: 'SentinelMissing' },
  { what: 'empty', alter: () => writeFileSync(sentinel, ''), reason: 'SentinelWrong' },
  { what: 'torn', alter: (text) => writeFileSync(sentinel, text.slice(0, 20)), reason: 'SentinelWrong' },
  {
    what: 'of another disk',
    alter: (text) => writeFileSync(sentinel, text.replace(/"id":"./, '"id":"x')),
    reason: 'SentinelWrong',
  },
  {
    what: 'of another volume',
    alter: () => writeFileSync(sentinel, readFileSync(join(rig.root, 'vault/.anchord-volume'))),
    reason: 'SentinelWrong',
  },
  {
    what: 'of another host',
    alter: (text) => writeFileSync(sentinel, text.replace('"motoko"', '"batou"')),
    reason: 'SentinelWrong',
  },
  {
    what: 'a link to the right one',
    alter: () => symlinkSync(`${sentinel}.aside`, sentinel),
    reason: 'SentinelWrong',
  },
  { what: 'a directory', alter: () => mkdirSync(sentinel), reason: 'SentinelWrong' },
  {
    what: 'a pipe that nobody writes to',
    alter: () => void execFileSync('mkfifo', [sentinel]),
    reason: 'SentinelWrong',
  },
  {
    what: 'a file of a megabyte',
    alter: () => void execFileSync('truncate', ['--size=1M', sentinel]),
    reason: 'SentinelWrong',
  },
];

for (const [index, { what, alter, reason }] of SENTINELS.entries()) {
  test(`while the sentinel is ${what} its volume waits untouched, and goes on by itself when it is put back`, async () => {
    const text = readFileSync(sentinel, 'utf8');
    renameSync(sentinel, `${sentinel}.aside`);
    alter(text);
    const failed = await rig.untilCondition('VolumesGuarded', 'False', reason);
    const data = snapshotButSentinel();

    rmdirSync(join(rig.root, 'data/work/today'));
    const name = `waits-${index}`;
    const revision = rig.clone().push({
      [`hosts/motoko/${name}.yaml`]: `directories:\n  /data/${name}: {}\n  /vault/${name}: {}\n`,
    });
    const status = await rig.until(
      (now) => now.source.applied === revision && stateOf(now, `/vault/${name}`) === 'changed',
    );

    assert.equal(stateOf(status, `/data/${name}`), 'waiting');
    assert.equal(stateOf(status, '/data/work/today'), 'waiting');
    assert.equal(failed.volumes.find((volume) => volume.name === 'data')?.guard, 'failed');
    assert.equal(status.summary.level, 'failed');
    mkdirSync(join(rig.root, 'data/work/today'), { mode: 0o755 });
    assert.deepEqual(namesOf(snapshotButSentinel()), namesOf(data));

    rmSync(sentinel, { recursive: true, force: true });
    renameSync(`${sentinel}.aside`, sentinel);
    const good = await rig.untilReady(revision);
    assert.equal(good.volumes.find((volume) => volume.name === 'data')?.guard, 'passed');
  });
}

test('a backup is refused while its source or its repository fails its guard, and runs again by itself', async () => {
  for (const volume of ['data', 'vault']) {
    const place = join(rig.root, volume, '.anchord-volume');
    const before = snapshot(join(rig.root, 'vault/repo'));
    renameSync(place, `${place}.aside`);

    const refused = await rig.command('policy', 'run', 'nightly');

    assert.equal(refused.code, 5, refused.stderr);
    assert.match(refused.stderr, new RegExp(`volume ${volume}: .*\\.anchord-volume is missing`));
    assert.match(refused.stderr, new RegExp(`anchord volume adopt ${volume}`));
    assert.deepEqual(snapshot(join(rig.root, 'vault/repo')), before);
    renameSync(`${place}.aside`, place);
  }

  const run = await rig.command('policy', 'run', 'nightly');
  assert.equal(run.code, 0, run.stderr);
});

test('adopting is refused for a volume that says it is another one, and nothing is written', async () => {
  const text = readFileSync(sentinel, 'utf8');
  chmodSync(sentinel, 0o644);
  writeFileSync(sentinel, text.replace('"motoko"', '"batou"'));
  const before = snapshot(join(rig.root, 'data'));

  const refused = await rig.command('volume', 'adopt', 'data');

  assert.equal(refused.code, 5, refused.stderr);
  assert.match(refused.stderr, /already volume data of batou.*remove \/data\/\.anchord-volume by hand/s);
  assert.deepEqual(snapshot(join(rig.root, 'data')), before);
  unlinkSync(sentinel);
  const adopted = await rig.command('volume', 'adopt', 'data');
  assert.equal(adopted.code, 0, adopted.stderr);
  assert.deepEqual(JSON.parse(readFileSync(sentinel, 'utf8')), JSON.parse(text));
  await rig.untilReady();
});

function stateOf(status: Status, path: string): string | undefined {
  return status.resources.items.find((item) => item.id === `directory:${path}`)?.state;
}

function snapshotButSentinel(): readonly string[] {
  return snapshot(join(rig.root, 'data')).filter((line) => !line.includes('.anchord-volume'));
}

function namesOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.split(' ')[0] ?? '');
}
