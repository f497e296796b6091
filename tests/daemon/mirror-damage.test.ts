import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { flipBit, halve } from '../git/damage.ts';
import { HostRig } from '../rig/host-rig.ts';

/** Every way the mirror breaks that a worn disk, a power cut or a person has been seen to make. */
const DAMAGE: readonly {
  readonly what: string;
  readonly act: (mirror: string) => Promise<void> | void;
  readonly alsoStopped?: true;
}[] = [
  {
    what: 'a torn ref',
    act: (mirror) => writeFileSync(join(mirror, 'refs/anchord/fetched'), '3f7a'),
    alsoStopped: true,
  },
  { what: 'an empty ref', act: (mirror) => writeFileSync(join(mirror, 'refs/anchord/trusted'), '') },
  {
    what: 'a flipped bit in each pack',
    act: (mirror) => onEachObject(mirror, '.pack', flipBit),
    alsoStopped: true,
  },
  { what: 'truncated packs', act: (mirror) => onEachObject(mirror, '.pack', halve) },
  { what: 'truncated pack indexes', act: (mirror) => onEachObject(mirror, '.idx', halve) },
  { what: 'no objects at all', act: (mirror) => rmSync(join(mirror, 'objects'), { recursive: true }) },
  { what: 'an empty HEAD', act: (mirror) => truncateSync(join(mirror, 'HEAD')) },
  {
    what: 'a config that is noise',
    act: (mirror) => writeFileSync(join(mirror, 'config'), '\0[[core\n'),
    alsoStopped: true,
  },
  {
    what: 'a lock of a git that was killed',
    act: (mirror) => writeFileSync(join(mirror, 'shallow.lock'), ''),
  },
  {
    what: 'a file in its place',
    act: (mirror) => {
      rmSync(mirror, { recursive: true });
      writeFileSync(mirror, 'not a folder\n');
    },
    alsoStopped: true,
  },
];

test('a mirror damaged while the daemon runs heals by itself at the next push', async () => {
  await using rig = await HostRig.start();
  const clone = rig.clone();
  for (const [index, { what, act }] of DAMAGE.entries()) {
    await act(join(rig.state, 'mirror.git'));

    const revision = clone.push(directoryFile(`running-${index}`));

    await rig.untilReady(revision).catch(told(what));
    assert.ok(existsSync(join(rig.root, `data/running-${index}`)), what);
  }
});

for (const { what, act } of DAMAGE.filter((damage) => damage.alsoStopped === true)) {
  test(`a mirror with ${what} when the daemon starts heals by itself at the next push`, async () => {
    await using rig = await HostRig.start();
    await rig.anchord.stop();
    await act(join(rig.state, 'mirror.git'));

    await rig.run();
    const revision = rig.clone().push(directoryFile('stopped'));

    await rig.untilReady(revision);
    assert.ok(existsSync(join(rig.root, 'data/stopped')));
  });
}

function directoryFile(name: string): Record<string, string> {
  return { [`hosts/motoko/${name}.yaml`]: `directories:\n  /data/${name}: {}\n` };
}

async function onEachObject(
  mirror: string,
  ending: string,
  act: (file: string) => Promise<void>,
): Promise<void> {
  const folder = join(mirror, 'objects/pack');
  const files = readdirSync(folder).filter((name) => name.endsWith(ending));
  assert.notEqual(files.length, 0);
  for (const name of files) await act(join(folder, name));
}

function told(what: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`with ${what}: ${String(error)}`, { cause: error });
  };
}
