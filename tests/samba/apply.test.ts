import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { ShareWant } from '../../daemon/samba/share-want.ts';
import { Shares } from '../../daemon/samba/shares.ts';
import { PEOPLE, SambaRig, withSamba } from './samba-rig.ts';
import { SteadySession } from './steady-session.ts';

const options = withSamba();
const { writer, reader } = PEOPLE;
let rig: SambaRig;
let both: readonly ShareWant[];

before(async () => {
  if (options.skip !== undefined) return;
  rig = await SambaRig.start();
  both = [rig.want('alpha'), rig.want('beta')];
});
beforeEach(async () => {
  if (options.skip !== undefined) return;
  assert.deepEqual([...(await rig.pass(both)).troubles], []);
});
afterEach(async () => {
  if (options.skip !== undefined) return;
  writeFileSync(rig.place.userConfig, rig.userPart, 'latin1');
  // Nothing that failed in one test is waited for in the next.
  rig.now += 60 * 60 * 1000;
});
after(async () => {
  if (options.skip === undefined) await rig[Symbol.asyncDispose]();
});

test('what is as it should be is left alone', options, async () => {
  const [own, main] = [rig.place.ownConfig, rig.place.userConfig].map((path) => statSync(path));

  const { view, troubles } = await rig.pass(both);

  assert.deepEqual([view.work, [...view.findings], [...troubles]], [undefined, [], []]);
  assert.equal(statSync(rig.place.ownConfig).ino, own?.ino);
  assert.equal(statSync(rig.place.userConfig).ino, main?.ino);
});

test('every byte of the host’s own smb.conf stays, and its mode', options, async () => {
  const before = Buffer.from(rig.userPart, 'latin1');
  writeFileSync(rig.place.userConfig, before);
  chmodSync(rig.place.userConfig, 0o640);

  await rig.pass(both);

  assert.equal(rig.main.startsWith(before.toString('latin1')), true);
  assert.match(rig.main, /# >>> anchord\n\[global\]\n {3}include = \S+anchord\.conf\n# <<< anchord\n$/);
  assert.equal(statSync(rig.place.userConfig).mode & 0o777, 0o640);
});

test('a hand that edits anchord’s file, or takes its block out, is undone', options, async () => {
  writeFileSync(rig.place.ownConfig, rig.own.replace(`read list = ${reader}`, 'guest ok = Yes'));
  const edited = await rig.pass(both);
  assert.deepEqual([...edited.view.findings.keys()], ['share:alpha']);
  assert.doesNotMatch(rig.own, /guest ok = Yes/);

  writeFileSync(rig.place.ownConfig, `${rig.own}\n[evil]\n\tpath = /\n\tguest ok = yes\n`);
  const added = await rig.pass(both);
  assert.match(JSON.stringify([...added.view.findings]), /a section \[evil\] that nothing declares/);
  assert.match((await rig.guest('evil')).said, /NT_STATUS_(BAD_NETWORK_NAME|ACCESS_DENIED)/);

  writeFileSync(rig.place.userConfig, rig.userPart, 'latin1');
  const removed = await rig.pass(both);
  assert.match(JSON.stringify([...removed.view.findings]), /not included in smb.conf/);
  assert.equal(await rig.read('alpha'), 'hello from alpha');

  unlinkSync(rig.place.ownConfig);
  await rig.pass(both);
  assert.equal(await rig.read('beta'), 'hello from beta');
});

test(
  'a share that smbd does not serve is left out, and a session of another goes on reading',
  options,
  async () => {
    rig.populate('gamma');
    await using session = await SteadySession.open(rig, 'beta');
    // Nothing of it shows in the configuration as Samba prints it: only the probe can tell.
    const hidden = rig.want('gamma', { name: 'ipc$', id: 'share:ipc$' });
    const broken = rig.want('gamma', { path: '/nonexistent\n[evil]' });

    const passed = rig.pass([...both, broken, hidden]);
    while (!(await settled(passed))) assert.equal(await session.reads(), true);

    const { troubles } = await passed;
    assert.deepEqual([...troubles.keys()].toSorted(), ['share:gamma', 'share:ipc$']);
    assert.equal(await session.reads(), true);
    assert.equal(await rig.read('alpha'), 'hello from alpha');
    assert.doesNotMatch(rig.own, /evil|gamma/);
  },
);

test(
  'a share that the host’s own smb.conf has too is refused, and the others are served',
  options,
  async () => {
    const include = join(rig.temp, 'more.conf');
    for (const section of ['[alpha]', '[ALPHA]', `[other]\n path = /tmp\n[Alpha]`]) {
      writeFileSync(include, `${section}\n path = /etc\n guest ok = yes\n`);
      writeFileSync(rig.place.userConfig, `${rig.userPart}   include = ${include}\n`, 'latin1');

      const { troubles } = await rig.pass(both);

      assert.equal(troubles.get('share:alpha')?.reason, 'SectionTaken', section);
      assert.equal(troubles.size, 1);
      assert.doesNotMatch(rig.own, /\[alpha\]/);
      assert.equal(await rig.read('beta'), 'hello from beta');
    }

    // With anchord's file and block untouched, a section that comes by the include is seen all the same.
    writeFileSync(include, '');
    assert.deepEqual([...(await rig.pass(both)).troubles], []);
    writeFileSync(include, '[beta]\n comment = mine\n');
    const { troubles } = await rig.pass(both);
    assert.deepEqual([...troubles.keys()], ['share:beta']);
    writeFileSync(include, '');
    assert.deepEqual([...(await rig.pass(both)).troubles], []);
    assert.equal(await rig.read('beta'), 'hello from beta');
  },
);

test('a share that waits for a person costs the others no connection', options, async () => {
  const main = `${rig.userPart}[gamma]\n path = /tmp\n`;
  writeFileSync(rig.place.userConfig, main, 'latin1');
  const question = rig.question([...both, rig.want('gamma')]);
  await rig.pass(question.wants);
  const probed = join(rig.temp, 'probed');
  const folder = join(rig.temp, 'noting');
  mkdirSync(folder);
  const note = `#!/bin/sh\ncase $1 in --version) ;; *) : > ${probed} ;; esac\n`;
  writeFileSync(join(folder, 'smbclient'), `${note}PATH=${rig.place.path}\nexec smbclient "$@"\n`, {
    mode: 0o755,
  });
  const noting = new Shares({ ...rig.place, path: `${folder}:${rig.place.path}` }, { monotonic: () => 0 });

  const view = await noting.observe(question);
  await noting.apply(view, new Set());

  assert.deepEqual([...view.troubles.keys()], ['share:gamma']);
  assert.equal(existsSync(probed), false);
});

test('while nothing can be written, a disk that fails still ends its sessions', options, async () => {
  await using lost = await SteadySession.open(rig, 'alpha');
  writeFileSync(rig.place.userConfig, `${rig.main}\n[broken\n`, 'latin1');

  const { troubles } = await rig.shares
    .observe({ ...rig.question(both, ['alpha']), marks: [] })
    .then(async (view) => ({ troubles: view.troubles, applied: await rig.shares.apply(view, new Set()) }));

  assert.equal(troubles.get('share:alpha')?.reason, 'ConfigurationRefused');
  assert.equal(await lost.reads(), false);
  assert.match(await rig.read('alpha'), /NT_STATUS_(ACCESS_DENIED|BAD_NETWORK_NAME)/);
});

test('a host’s own smb.conf that Samba cannot read is named, and nothing is changed', options, async () => {
  const own = rig.own;
  const main = `${rig.userPart}[broken\n path = /tmp\n`;
  writeFileSync(rig.place.userConfig, main, 'latin1');

  const { troubles } = await rig.pass([rig.want('alpha', { readers: [] })]);

  assert.equal(troubles.get('share:alpha')?.reason, 'ConfigurationRefused');
  assert.match(troubles.get('share:alpha')?.message ?? '', /even without anchord's part/);
  assert.deepEqual([rig.own, rig.main], [own, main]);
});

test('a smb.conf that is a link is not replaced', options, async () => {
  const real = join(rig.temp, 'real.conf');
  writeFileSync(real, rig.userPart, 'latin1');
  unlinkSync(rig.place.userConfig);
  symlinkSync(real, rig.place.userConfig);

  const { troubles } = await rig.pass(both);

  assert.match(troubles.get('share:alpha')?.message ?? '', /is a symbolic link/);
  assert.equal(statSync(real).size, Buffer.byteLength(rig.userPart, 'latin1'));
  unlinkSync(rig.place.userConfig);
});

test('who loses access loses the session, and who keeps it keeps it', options, async () => {
  await using lost = await SteadySession.open(rig, 'alpha');
  await using kept = await SteadySession.open(rig, 'beta');

  await rig.pass([rig.want('alpha', { readers: [] }), rig.want('beta')]);

  assert.equal(await lost.reads(), false);
  assert.equal(await kept.reads(), true);
  assert.equal(await rig.read('alpha', reader), 'NT_STATUS_ACCESS_DENIED');
  assert.equal(await rig.read('alpha', writer), 'hello from alpha');
});

test(
  'a share whose disk failed is closed at once, and open again when the disk is back',
  options,
  async () => {
    await using lost = await SteadySession.open(rig, 'alpha');

    await rig.pass(both, ['alpha']);

    assert.equal(await lost.reads(), false);
    assert.equal(await rig.read('alpha'), 'NT_STATUS_BAD_NETWORK_NAME');
    assert.equal(await rig.read('beta'), 'hello from beta');
    await rig.pass(both);
    assert.equal(await rig.read('alpha'), 'hello from alpha');
  },
);

test('the guard refuses every connection while another disk lies over the volume', options, async () => {
  const disk = join(rig.temp, 'disk');
  rig.beside('mount', '-t', 'tmpfs', 'other', disk);
  rig.beside('mkdir', '-m', '777', join(disk, 'alpha'));

  assert.match(await rig.read('alpha', writer), /NT_STATUS_(ACCESS_DENIED|BAD_NETWORK_NAME)/);

  rig.beside('umount', disk);
  assert.equal(await rig.read('alpha', writer), 'hello from alpha');
});

test(
  'a share that is no longer declared is gone, and with the last one everything of anchord’s',
  options,
  async () => {
    await using lost = await SteadySession.open(rig, 'alpha');

    await rig.pass([rig.want('beta')]);
    assert.equal(await lost.reads(), false);
    assert.equal(await rig.read('alpha'), 'NT_STATUS_BAD_NETWORK_NAME');

    await rig.pass([]);
    assert.equal(rig.main, rig.userPart);
    assert.throws(() => rig.own, /ENOENT/);
    assert.equal(await rig.read('beta'), 'NT_STATUS_BAD_NETWORK_NAME');
    assert.equal((await rig.look([])).work, undefined);
  },
);

test('without smbd the configuration is made, and served once smbd runs', options, async () => {
  await rig.pass([]);
  await rig.stop();

  const { troubles } = await rig.pass(both);
  assert.equal(troubles.get('share:alpha')?.reason, 'ServerNotRunning');
  assert.match(rig.own, /\[alpha\]/);

  await rig.run();
  rig.populate('alpha', 'beta');
  const found = await rig.pass(both);
  assert.deepEqual([...found.view.findings.keys()], ['share:alpha', 'share:beta']);
  assert.deepEqual([...found.troubles], []);
  assert.equal(await rig.read('alpha'), 'hello from alpha');
});

test('a failed share is not tried again for a while, unless something changes', options, async () => {
  const broken = rig.want('gamma', { path: '/a"b' });
  await rig.pass([...both, broken]);

  const again = await rig.look([...both, broken]);
  assert.deepEqual([again.work, again.troubles.get('share:gamma')?.state], [undefined, 'failed']);

  rig.now += 11 * 60 * 1000;
  assert.equal((await rig.look([...both, broken])).work?.kind, 'serve');
});

test('a place for a configuration that is no file is said, not overwritten', options, async () => {
  unlinkSync(rig.place.ownConfig);
  mkdirSync(rig.place.ownConfig);

  const { troubles } = await rig.pass(both);

  assert.equal(troubles.get('share:alpha')?.state, 'failed');
  rmSync(rig.place.ownConfig, { recursive: true });
});

async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}
