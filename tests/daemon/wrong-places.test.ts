import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { asRoot } from '../files/privileges.ts';
import { snapshot } from '../files/snapshot.ts';
import { HostRig } from '../rig/host-rig.ts';

/** Host settings that name a place which cannot be what was meant. */
const PLACES: readonly {
  readonly what: string;
  readonly prepare: (rig: HostRig) => void;
  readonly says: RegExp;
}[] = [
  {
    what: 'a root that is not there',
    prepare: (rig) => rmSync(rig.root, { recursive: true }),
    says: /the root .*\/root does not exist.*mkdir/s,
  },
  {
    what: 'a root that is a file',
    prepare(rig) {
      rmSync(rig.root, { recursive: true });
      writeFileSync(rig.root, '');
    },
    says: /the root .*\/root is not a directory/,
  },
  {
    what: 'a root that is a symbolic link',
    prepare(rig) {
      rmSync(rig.root, { recursive: true });
      mkdirSync(join(rig.temp, 'elsewhere/data'), { recursive: true });
      symlinkSync(join(rig.temp, 'elsewhere'), rig.root);
    },
    says: /the root .*\/root is a symbolic link.*name the directory itself/s,
  },
  {
    what: 'a state directory that others can enter',
    prepare(rig) {
      mkdirSync(rig.state);
      chmodSync(rig.state, 0o777);
    },
    says: /others can enter the state directory .*mode 777.*chmod 0700/s,
  },
  {
    what: 'a state directory that is a file',
    prepare: (rig) => writeFileSync(rig.state, ''),
    says: /the state directory .*state cannot be made or read \(EEXIST\)|is not a directory/,
  },
];

for (const { what, prepare, says } of PLACES) {
  test(`${what} ends the daemon with its name and what to do, and nothing is made`, async () => {
    await using rig = HostRig.make();
    prepare(rig);
    const before = snapshot(rig.temp);

    const ended = await rig.begin().ended();

    assert.equal(ended.code, 1);
    assert.match(rig.anchord.stderr, says);
    assert.deepEqual(snapshot(rig.temp), before);
  });
}

test('a state directory of another user ends the daemon, and nothing is made', asRoot, async () => {
  await using rig = HostRig.make();
  mkdirSync(rig.state, { mode: 0o700 });
  chownSync(rig.state, 65_534, 65_534);

  const ended = await rig.begin().ended();

  assert.equal(ended.code, 1);
  assert.match(rig.anchord.stderr, /the state directory .* belongs to user 65534/);
  assert.deepEqual(readdirSync(rig.state), []);
});

test('a root that goes away while the daemon runs stops nothing for good', async () => {
  await using rig = await HostRig.start();
  const away = `${rig.root}.away`;
  renameSync(rig.root, away);

  const gone = await rig.untilCondition('VolumesGuarded', 'False', 'NotMounted');
  assert.equal(gone.summary.level, 'failed');
  renameSync(away, rig.root);

  await rig.untilReady();
});
