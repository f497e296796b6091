import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { ResourceStatus, Status } from '../../state-schema/generated/status.ts';
import { withPrivateRoot } from './private-root.ts';
import { MDT, RealHost } from './real-host.ts';

/** What a daemon that broke out of its private root would have made on the machine itself. */
const MACHINE = ['/flux', '/space', '/etc/anchord', '/var/lib/anchord', '/disks'];

const options = withPrivateRoot();
const outside = MACHINE.map((path) => existsSync(path));
let host: RealHost;

// The tests tell one story, each from where the one before left the host.
before(async () => {
  if (options.skip === undefined) host = await RealHost.start();
});
after(async () => {
  if (options.skip !== undefined) return;
  await host[Symbol.asyncDispose]();
  assert.deepEqual(
    MACHINE.map((path) => existsSync(path)),
    outside,
  );
});

test('disks that nobody adopted are refused, and nothing is written to them', options, async () => {
  const status = await host.untilCondition('VolumesGuarded', 'False', 'NotAdopted');

  assert.equal(resource(status, 'directory:/flux/active')?.state, 'waiting');
  assert.match(status.volumes[0]?.message ?? '', /anchord volume adopt flux/);
  assert.equal(await host.sh('ls -A /flux /space'), '/flux:\nlost+found\n\n/space:\nlost+found');
  const early = await host.command('policy', 'init', 'flux-local');
  assert.equal(early.code, 5, early.stderr);
  assert.equal(await host.sh('ls -A /space'), 'lost+found');
});

test('adopted disks get their directories with owner, group and mode', options, async () => {
  await host.adopt();

  const status = await host.status();

  const list = await host.sh(
    "stat -c '%n %u %g %a' /flux /flux/* /flux/.anchord-volume /space/projects | grep -v lost",
  );
  assert.deepEqual(list.split('\n'), [
    '/flux 0 0 755',
    `/flux/active ${MDT} ${MDT} 2775`,
    '/flux/private 0 0 700',
    '/flux/.anchord-volume 0 0 444',
    `/space/projects ${MDT} 100 2770`,
  ]);
  assert.deepEqual(
    status.volumes.map(({ name, guard, device }) => [name, guard, device?.startsWith('/dev/loop')]),
    [
      ['flux', 'passed', true],
      ['space', 'passed', true],
    ],
  );
  assert.deepEqual(
    status.volumes.map(({ disk }) => /^loop\d+$/.test(disk ?? '')),
    [true, true],
    'loop devices of files in memory are on no other disk',
  );
});

test('an owner changed by hand is put right, setgid bit and all', options, async () => {
  const from = host.anchord.now();

  await host.sh('chown root:root /flux/active; chmod 0777 /flux/active');

  const { pass } = await host.anchord.event('pass.ended', (event) => event.pass.repaired > 0, from);
  assert.equal(pass.failed, 0);
  // The first pass may have come between the two commands.
  await host.nextRound();
  assert.equal(await host.sh('stat -c "%u %g %a" /flux/active'), `${MDT} ${MDT} 2775`);
});

test(
  'a directory of a user whom the host does not know is named with the command that makes one',
  options,
  async () => {
    const text = 'directories:\n  /flux/nobody: { owner: mdt, group: mdt }\n';
    await host.sh('sed -i "s/^mdt:/m-d-t:/" /etc/passwd');
    const revision = host.clone.push({ 'hosts/motoko/nobody.yaml': text });

    const status = await host.until(
      (now) => now.source.applied === revision && resource(now, 'directory:/flux/nobody')?.state === 'failed',
    );

    assert.equal(resource(status, 'directory:/flux/nobody')?.reason, 'NoSuchUser');
    assert.match(resource(status, 'directory:/flux/nobody')?.message ?? '', /user mdt.*adduser/);
    await host.sh('sed -i "s/^m-d-t:/mdt:/" /etc/passwd');
    await host.untilReady(host.clone.push({ 'hosts/motoko/nobody.yaml': null }));
  },
);

test('links that a user plants in a shared directory lead root nowhere', options, async () => {
  const before = await host.sh(
    'stat -c "%n %u %g %a %Z" /etc /etc/passwd /etc/shadow /root; ls -A /etc /root',
  );
  await host.sh(
    `setpriv --reuid=${MDT} --regid=${MDT} --clear-groups sh -c 'cd /flux/active; ln -s /etc etc; ln -s /etc/shadow file; ln -s / top'`,
  );
  const names = ['etc', 'etc/evil', 'file', 'top', 'top/root/evil'];
  const text = names.map((name) => `  /flux/active/${name}: { owner: mdt, group: mdt, mode: "0777" }\n`);

  const revision = host.clone.push({ 'hosts/motoko/planted.yaml': `directories:\n${text.join('')}` });

  const status = await host.until(
    (now) =>
      now.source.applied === revision && resource(now, 'directory:/flux/active/etc')?.state === 'failed',
  );
  for (const name of names)
    assert.ok(
      ['failed', 'waiting'].includes(resource(status, `directory:/flux/active/${name}`)?.state ?? ''),
      name,
    );
  await host.nextRound();
  assert.equal(
    await host.sh('stat -c "%n %u %g %a %Z" /etc /etc/passwd /etc/shadow /root; ls -A /etc /root'),
    before,
  );
  await host.sh('cd /flux/active; rm etc file top');
  await host.untilReady(host.clone.push({ 'hosts/motoko/planted.yaml': null }));
});

test('doctor, status, volume list and plan need no --config and tell the truth', options, async () => {
  host.clone.commit({ 'hosts/motoko/planned.yaml': 'directories:\n  /flux/planned: { owner: mdt }\n' });

  const [doctor, status, list, plan] = await Promise.all([
    host.command('doctor'),
    host.command('status', '--check'),
    host.command('volume', 'list'),
    host.command('plan', host.clone.dir),
  ]);

  assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr);
  assert.match(doctor.stdout, /\/etc\/anchord\/anchord\.yaml is valid: host motoko/);
  assert.equal(status.code, 0, status.stdout + status.stderr);
  assert.match(list.stdout, /^volume +mount +guard +device +disk +size +free +why$/m);
  assert.match(list.stdout, /^flux +\/flux +passed +\/dev\/loop\d+ +loop\d+ +\d+\.\d MiB +\d+\.\d MiB$/m);
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(plan.stdout, /\+ directory:\/flux\/planned|\+ .*\/flux\/planned/);
  assert.equal(
    await host.sh('ls -d /flux/planned 2>&1 || true'),
    "ls: cannot access '/flux/planned': No such file or directory",
  );
  host.clone.git('reset', '--quiet', '--hard', 'origin/main');
});

test('a backup needs an init by a person, and makes a snapshot that restic restores', options, async () => {
  await host.sh('echo work > /flux/active/notes; chown mdt: /flux/active/notes');
  const early = await host.command('policy', 'run', 'flux-local');
  assert.equal(early.code, 1, early.stderr);
  assert.match(early.stderr, /has not been initialised.*anchord policy init flux-local/s);

  const init = await host.command('policy', 'init', 'flux-local');
  const run = await host.command('policy', 'run', 'flux-local');

  assert.equal(init.code, 0, init.stderr);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /flux-local: ok, snapshot [0-9a-f]{8}/);
  const restored = await host.sh(
    `export RESTIC_PASSWORD_FILE=/etc/anchord/restic-password RESTIC_REPOSITORY=/space/snapshots/flux-local
     restic --no-cache restore latest --target /disks/restored >&2
     cd /disks/restored/flux/active; stat -c "%U %a" .; cat notes; ls -A /disks/restored/flux`,
  );
  assert.deepEqual(restored.split('\n'), ['mdt 2775', 'work', 'active', 'lost+found', 'private']);
});

test('the daemon ends on SIGTERM, and goes on where it was', options, async () => {
  const { applied } = (await host.status()).source;
  assert.deepEqual((await host.stop()).code, 0);

  const alone = await host.command('status');
  assert.match(alone.stdout, /No daemon is running/);
  await host.run();

  const status = await host.untilReady(applied);
  assert.equal(status.resources.counts['drifted'] ?? 0, 0);
});

function resource(status: Status, id: string): ResourceStatus | undefined {
  return status.resources.items.find((item) => item.id === id);
}
