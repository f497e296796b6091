import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ResourceStatus, Status } from '../../state-schema/generated/status.ts';
import { snapshot } from '../files/snapshot.ts';
import { HostRig } from '../rig/host-rig.ts';
import type { StateClone } from '../rig/state-clone.ts';

const RACER = fileURLToPath(new URL('../files/rename-racer.js', import.meta.url));

let rig: HostRig;
let clone: StateClone;
/** A tree that no volume holds, and every entry of it as it was. */
let canary: string;
let untouched: readonly string[];
before(async () => {
  rig = await HostRig.start();
  clone = rig.clone();
  canary = join(rig.temp, 'canary');
});
after(() => rig[Symbol.asyncDispose]());
beforeEach(() => {
  rmSync(canary, { recursive: true, force: true });
  mkdirSync(join(canary, 'a/b/c'), { recursive: true, mode: 0o700 });
  writeFileSync(join(canary, 'a/file'), 'not yours\n', { mode: 0o600 });
  untouched = snapshot(canary);
});

/** What somebody with a shell can plant where a push is about to declare directories. */
const PLANTS: readonly { readonly what: string; readonly target: (canary: string) => string }[] = [
  { what: 'an absolute link out of the root', target: (place) => place },
  { what: 'a relative link out of the root', target: () => '../../../canary' },
  { what: 'a link to another volume', target: () => '../vault' },
  { what: 'a link to itself', target: () => 'loop' },
  { what: 'a link to nothing', target: (place) => join(place, 'nothing') },
  { what: 'a link to an open descriptor', target: () => '/proc/self/fd/3' },
  { what: 'a link to the root of the process', target: () => '/proc/self/root' },
];

for (const [index, { what, target }] of PLANTS.entries()) {
  test(`${what} is left alone and named, nothing is made behind it, and without it all is well`, async () => {
    const name = what.endsWith('itself') ? 'loop' : `plant-${index}`;
    const planted = join(rig.root, 'data', name);
    symlinkSync(target(canary), planted);
    const vault = snapshot(join(rig.root, 'vault'));
    const paths = [`/data/${name}`, `/data/${name}/a`, `/data/${name}/a/b`, `/data/${name}/new/deep`];

    const revision = clone.push({ [`hosts/motoko/${name}.yaml`]: declare(paths) });

    const status = await rig.until(
      (now) => now.source.applied === revision && resource(now, paths[0] ?? '')?.state === 'failed',
    );
    assert.equal(resource(status, `/data/${name}`)?.reason, 'NotADirectory');
    assert.match(resource(status, `/data/${name}`)?.message ?? '', /symbolic link.*remove the link/);
    for (const path of paths.slice(1)) {
      assert.equal(resource(status, path)?.state, 'waiting', path);
      assert.equal(resource(status, path)?.reason, 'DependencyFailed', path);
    }
    assert.ok(lstatSync(planted).isSymbolicLink());
    assert.deepEqual(snapshot(canary), untouched);
    assert.deepEqual(snapshot(join(rig.root, 'vault')), vault);

    unlinkSync(planted);
    await rig.untilReady(revision);
    for (const path of paths) assert.ok(lstatSync(join(rig.root, path)).isDirectory(), path);
    assert.deepEqual(snapshot(canary), untouched);
  });
}

test('a link planted on the way to a directory that nobody declared is named', async () => {
  symlinkSync(canary, join(rig.root, 'data/way'));

  const revision = clone.push({ 'hosts/motoko/way.yaml': declare(['/data/way/a', '/data/way/a/b']) });

  const status = await rig.until((now) => now.source.applied === revision);
  assert.equal(resource(status, '/data/way/a')?.reason, 'SymbolicLinkInPath');
  assert.match(resource(status, '/data/way/a')?.message ?? '', /\/data\/way on the way to .*follows none/);
  assert.deepEqual(snapshot(canary), untouched);
  unlinkSync(join(rig.root, 'data/way'));
  await rig.untilReady(revision);
});

test('a volume whose mount point becomes a link is not touched, and neither is where the link leads', async () => {
  const mount = join(rig.root, 'data');
  renameSync(mount, `${mount}.aside`);
  symlinkSync(canary, mount);
  writeFileSync(join(canary, '.anchord-volume'), 'a sentinel cannot help\n');
  untouched = snapshot(canary);

  const revision = clone.push({ 'hosts/motoko/more.yaml': declare(['/data/more']) });

  const status = await rig.until(
    (now) => now.source.applied === revision && resource(now, '/data/more')?.state === 'waiting',
  );
  assert.equal(status.volumes.find((volume) => volume.name === 'data')?.reason, 'NotADirectory');
  assert.deepEqual(snapshot(canary), untouched);
  unlinkSync(mount);
  renameSync(`${mount}.aside`, mount);
  await rig.untilReady(revision);
});

test('links swapped in while pushes are applied lead nothing out of the root', async () => {
  const place = join(rig.root, 'data/race');
  const first = clone.push({ 'hosts/motoko/race.yaml': declare(['/data/race']) });
  await rig.untilReady(first);
  const racer = spawn(process.execPath, [RACER, place, canary], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(racer.stdout, 'data');
    for (let round = 0; round < 12; round++) {
      const paths = [0, 1, 2, 3].map((n) => `/data/race/a/b-${round}-${n}/c`);
      const revision = clone.push({
        'hosts/motoko/race.yaml': declare(
          ['/data/race', '/data/race/a', '/data/race/a/file', ...paths],
          round,
        ),
      });
      await rig.until((now) => now.source.applied === revision);
    }
  } finally {
    racer.kill('SIGKILL');
    await once(racer, 'exit');
  }
  assert.deepEqual(snapshot(canary), untouched);

  // A pass may just be at work in it.
  rmSync(place, { recursive: true, force: true, maxRetries: 20 });
  const last = clone.push({ 'hosts/motoko/race.yaml': declare(['/data/race/a']) });
  await rig.untilReady(last);
  assert.ok(existsSync(join(place, 'a')));
  assert.deepEqual(snapshot(canary), untouched);
});

/** A file that declares directories, with a mode that tells rounds apart. */
function declare(paths: readonly string[], round = 5): string {
  return `directories:\n${paths.map((path) => `  ${path}: { mode: "07${round % 8}0" }\n`).join('')}`;
}

function resource(status: Status, path: string): ResourceStatus | undefined {
  return status.resources.items.find((item) => item.id === `directory:${path}`);
}
