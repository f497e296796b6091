import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { SambaPlace } from '../../daemon/samba/samba-place.ts';
import type { ShareWant } from '../../daemon/samba/share-want.ts';
import { Shares } from '../../daemon/samba/shares.ts';
import { SambaRig, withSamba } from './samba-rig.ts';
import { SteadySession } from './steady-session.ts';

const options = withSamba();
const ONE_PASS = fileURLToPath(new URL('one-pass.js', import.meta.url));
/** More programs than one pass starts. */
const MOST_PROGRAMS = 60;
let rig: SambaRig;
let wants: readonly ShareWant[];

before(async () => {
  if (options.skip !== undefined) return;
  rig = await SambaRig.start();
  rig.populate('gamma');
  wants = [rig.want('alpha'), rig.want('beta')];
  await rig.pass(wants);
});
after(async () => {
  if (options.skip === undefined) await rig[Symbol.asyncDispose]();
});

test(
  'a pass that is killed at any program it starts is finished by the next, and nobody loses a share',
  options,
  async () => {
    await using session = await SteadySession.open(rig, 'beta');
    const more = [...wants, rig.want('gamma')];
    let killed = 0;
    for (let at = 1; at <= MOST_PROGRAMS; at += 1) {
      const ended = passKilledAt(at, more);
      if (ended === 'whole') break;
      killed += 1;
      assert.equal(await session.reads(), true, `after being killed at program ${at}`);
      assert.equal(await rig.read('alpha'), 'hello from alpha');

      // A new process knows nothing of the one that was killed.
      const next = new Shares(rig.place, { monotonic: () => 0 });
      const troubles = await next.apply(await next.observe(rig.question(more)), new Set());
      assert.deepEqual([...troubles], []);
      assert.equal(await rig.read('gamma'), 'hello from gamma');
      assert.equal((await next.observe(rig.question(more))).work, undefined);

      await rig.pass(wants);
    }
    // How many programs a pass starts depends on how soon smbd answers.
    assert.ok(killed >= 5, `it was killed ${killed} times`);
  },
);

test('whatever an ended pass left on the disk, the next one makes right', options, async () => {
  await rig.pass(wants);
  const { ownConfig, userConfig, dir } = rig.place;
  const good = join(dir, 'last-good.conf');
  const own = rig.own;
  const states: Readonly<Record<string, () => void>> = {
    'a copy that was not yet renamed': () => writeFileSync(`${ownConfig}.anchord-new`, 'half a fi'),
    'a file without the block': () => writeFileSync(userConfig, rig.userPart, 'latin1'),
    'a block without the file': () => rmSync(ownConfig),
    'a file that was never seen to be served': () => rmSync(good),
    'an empty file': () => writeFileSync(ownConfig, ''),
    'half a file': () => writeFileSync(ownConfig, own.slice(0, own.length / 2)),
    'no guard': () => rmSync(join(dir, 'guard')),
    'half a block': () => writeFileSync(userConfig, `${rig.userPart}# >>> anchord\n[global]\n`, 'latin1'),
    'two blocks': () =>
      writeFileSync(userConfig, `${rig.main}${rig.main.slice(rig.userPart.length)}`, 'latin1'),
  };
  for (const [what, leave] of Object.entries(states)) {
    leave();

    const { troubles } = await rig.pass(wants);

    assert.deepEqual([...troubles], [], what);
    assert.equal(rig.own, own, what);
    assert.equal(rig.main.slice(0, rig.userPart.length), rig.userPart, what);
    assert.equal(rig.main.match(/>>> anchord/g)?.length, 1, what);
    assert.equal(await rig.read('alpha'), 'hello from alpha', what);
    assert.equal((await rig.look(wants)).work, undefined, what);
  }
});

test(
  'a share that only the probe finds wrong is left out, and what was served goes on',
  options,
  async () => {
    await rig.pass(wants);
    await using session = await SteadySession.open(rig, 'beta');
    // testparm knows no client, so what is included for one it never sees.
    const include = `   include = ${rig.temp}/client-%I.conf\n`;
    writeFileSync(rig.place.userConfig, `${rig.userPart}${include}`, 'latin1');
    writeFileSync(join(rig.temp, 'client-127.0.0.1.conf'), '[gamma]\n-valid = no\n');

    const { troubles } = await rig.pass([...wants, rig.want('gamma')]);

    assert.deepEqual([...troubles.keys()], ['share:gamma']);
    assert.equal(troubles.get('share:gamma')?.reason, 'NotServed');
    assert.match(troubles.get('share:gamma')?.message ?? '', /Samba does not know the share gamma/);
    assert.doesNotMatch(rig.own, /gamma/);
    assert.equal(await session.reads(), true);
    assert.equal(await rig.read('alpha'), 'hello from alpha');
  },
);

/** Runs a pass that is killed when it starts its nth program; `whole` when it started fewer. */
function passKilledAt(at: number, asked: readonly ShareWant[]): 'killed' | 'whole' {
  const counter = join(rig.temp, 'counter');
  writeFileSync(counter, '');
  const kill = `printf x >> ${counter}; if [ "$(wc -c < ${counter})" -eq ${at} ]; then kill -9 $PPID; exit 1; fi`;
  let place = rig.place;
  for (const program of ['testparm', 'smbcontrol', 'smbclient']) place = withProgram(program, kill);
  const file = join(rig.temp, 'asked.json');
  writeFileSync(file, JSON.stringify({ place, ...rig.question(asked) }));
  const { signal, status, stderr } = spawnSync(process.execPath, [ONE_PASS, file], { encoding: 'utf8' });
  if (signal === 'SIGKILL') return 'killed';
  assert.equal(status, 0, stderr);
  return 'whole';
}

/** A place where a program does something of the test's before it does what it always does. */
function withProgram(program: string, first: string): SambaPlace {
  const folder = join(rig.temp, 'before');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, program);
  writeFileSync(file, `#!/bin/sh\nPATH=${rig.place.path}\n${first}\nexec ${program} "$@"\n`);
  chmodSync(file, 0o755);
  return { ...rig.place, path: `${folder}:${rig.place.path}` };
}
