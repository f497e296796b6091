import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ResourceStatus, Status } from '../../state-schema/generated/status.ts';
import { freePort, withSamba } from '../samba/samba-rig.ts';
import { SteadySession } from '../samba/steady-session.ts';
import { withPrivateRoot } from './private-root.ts';
import { RealHost } from './real-host.ts';

const options = { ...withSamba(), ...withPrivateRoot() };
const SHARES = `users:
  mdt: {}
shares:
  active: { path: /flux/active, write: [mdt], recycle: 30d }
  projects: { path: /space/projects, read: [mdt] }
`;
let host: RealHost;
let port = '';

// The tests tell one story, each from where the one before left the host.
before(async () => {
  if (options.skip !== undefined) return;
  host = await RealHost.start();
  await host.adopt();
  port = String(await freePort());
  await host.sh(
    `mkdir -p /disks/samba/private /disks/samba/run/nc
     cat > /etc/samba/smb.conf <<END
[global]
   workgroup = HOME
   private dir = /disks/samba/private
   lock directory = /disks/samba/run
   state directory = /disks/samba/run
   cache directory = /disks/samba/run
   pid directory = /disks/samba/run
   ncalrpc dir = /disks/samba/run/nc
   log file = /disks/samba/log
   interfaces = lo
   bind interfaces only = yes
   smb ports = $1
[mine]
   path = /disks/samba
   valid users = mdt
END
     cp /etc/samba/smb.conf /disks/before.conf
     printf 'secret\\nsecret\\n' | smbpasswd -s -a mdt
     printf 'hello\\nhello from active\\n' > /flux/active/hello
     echo plans > /space/projects/plans; echo hello from projects > /space/projects/hello
     chown mdt: /flux/active/hello /space/projects/*
     smbd --daemon`,
    port,
  );
});
after(async () => {
  if (options.skip === undefined) await host[Symbol.asyncDispose]();
});

test('a pushed share is served', options, async () => {
  const planned = host.clone.commit({ 'hosts/motoko/shares.yaml': SHARES });
  const plan = await host.command('plan', host.clone.dir);
  assert.match(plan.stdout, /\+ share active +\/flux\/active, write mdt, recycle/, planned);
  host.clone.git('reset', '--quiet', '--hard', 'origin/main');

  const status = await host.untilReady(host.clone.push({ 'hosts/motoko/shares.yaml': SHARES }));

  assert.match(share(status, 'active')?.state ?? '', /changed|in-sync/);
  assert.match(await smb('active', 'get hello -'), /^hello$/m);
  assert.match(await smb('active', 'put /etc/hostname new; del new; ls'), /hello/);
  assert.match(await smb('projects', 'get plans -'), /^plans$/m);
  assert.match(await smb('projects', 'put /etc/hostname new'), /NT_STATUS_/);
  assert.equal(
    await host.sh('cd /flux/active/.recycle; stat -c "%n %a %U" . *; ls mdt'),
    '. 755 root\nmdt 700 mdt\nnew',
  );
  assert.ok(status.notCarriedOut.some((what) => /users \(mdt\): their Samba passwords/.test(what)));
  assert.equal(
    await host.sh(
      'cmp -n "$(stat -c %s /disks/before.conf)" /etc/samba/smb.conf /disks/before.conf; echo same',
    ),
    'same',
  );
  const again = await host.command('plan');
  assert.match(again.stdout, /Nothing to do/, again.stdout);
});

test('what a hand changes in the configuration is put right', options, async () => {
  const from = host.anchord.now();

  await host.sh('sed -i "s/guest ok = No/guest ok = Yes/" /etc/samba/anchord.conf');

  // Of the share itself: what the test before did in its recycle directory may be put right first.
  const { pass } = await host.anchord.event(
    'pass.ended',
    (event) => event.pass.repairs?.some(({ id }) => id.startsWith('share:')) === true,
    from,
  );
  assert.equal(pass.failed, 0);
  assert.equal(await host.sh('grep -c "guest ok = Yes" /etc/samba/anchord.conf || true'), '0');
});

test('a share whose disk goes away is closed, and comes back with the disk', options, async () => {
  await host.sh('umount --lazy /flux');
  await host.until((now) => share(now, 'active')?.reason === 'GuardFailed');
  assert.match(await smb('active', 'ls'), /NT_STATUS_BAD_NETWORK_NAME/);
  assert.match(await smb('projects', 'get plans -'), /^plans$/m);
  assert.equal(await host.bare(), '');

  await host.sh('mount -o loop /disks/flux /flux');
  await host.untilReady();

  assert.match(await smb('active', 'get hello -'), /^hello$/m);
});

test(
  'who is connected to a disk that fails is sent away, and may come back when it is right',
  options,
  async () => {
    await using lost = await SteadySession.through(host.place.through, 'active', login('active'));
    await using kept = await SteadySession.through(host.place.through, 'projects', login('projects'));
    await host.sh('mv /flux/.anchord-volume /disks/sentinel');
    await host.until((now) => share(now, 'active')?.reason === 'GuardFailed');

    assert.equal(await lost.reads(), false);
    assert.equal(await kept.reads(), true);
    assert.match(await smb('active', 'ls'), /NT_STATUS_/);

    await host.sh('mv /disks/sentinel /flux/.anchord-volume');
    await host.untilReady();
    assert.match(await smb('active', 'get hello -'), /^hello$/m);
    assert.equal(await kept.reads(), true);
  },
);

test('a section of the host’s own with the same name is named, and the others go on', options, async () => {
  await host.sh(
    'cp -a /etc/samba/smb.conf /disks/kept.conf; sed -i "s/\\[mine\\]/[projects]/" /etc/samba/smb.conf',
  );

  const status = await host.until((now) => share(now, 'projects')?.reason === 'SectionTaken');

  assert.match(share(status, 'projects')?.message ?? '', /section \[projects\]/);
  assert.match(status.summary.sentence, /share projects/);
  assert.match(await smb('active', 'get hello -'), /^hello$/m);
  await host.sh('cp -a /disks/kept.conf /etc/samba/smb.conf');
  await host.untilReady();
});

test(
  'on a full disk the configuration in force stays whole, and the push is applied once there is room',
  options,
  async () => {
    await host.sh(
      `cp -a /etc/samba /disks/etc-samba; mount -t tmpfs -o size=64k tmpfs /etc/samba; cp -a /disks/etc-samba/. /etc/samba
     cat /dev/zero > /etc/samba/ballast 2>/dev/null || true`,
    );
    const before = await host.sh('cat /etc/samba/anchord.conf');
    const revision = host.clone.push({
      'hosts/motoko/shares.yaml': SHARES.replace('read: [mdt]', 'write: [mdt]'),
    });

    const status = await host.until(
      (now) => now.source.applied === revision && share(now, 'projects')?.state === 'failed',
    );

    assert.equal(share(status, 'projects')?.reason, 'NoSpace');
    assert.equal(await host.sh('cat /etc/samba/anchord.conf'), before);
    assert.equal(await host.sh('ls -A /etc/samba | grep -c anchord-new || true'), '0');
    assert.match(await smb('projects', 'get plans -'), /^plans$/m);
    await host.sh('rm /etc/samba/ballast');
    await host.untilReady(revision);
    assert.doesNotMatch(await smb('projects', 'put /etc/hostname new'), /NT_STATUS_/);
  },
);

test('a share that is no longer declared is gone, and nothing of anchord’s is left', options, async () => {
  const status = await host.untilReady(host.clone.push({ 'hosts/motoko/shares.yaml': null }));

  assert.equal(share(status, 'active'), undefined);
  assert.match(await smb('active', 'ls'), /NT_STATUS_BAD_NETWORK_NAME/);
  assert.equal(
    await host.sh('cmp /etc/samba/smb.conf /disks/before.conf; ls /etc/samba/anchord.conf 2>&1 || true'),
    "ls: cannot access '/etc/samba/anchord.conf': No such file or directory",
  );
  assert.match(await host.sh('cat /flux/active/hello'), /^hello$/m);
});

/** What smbclient says when mdt does something in a share. */
async function smb(name: string, commands: string): Promise<string> {
  const { stdout, stderr } = await host.place.run('smbclient', ...login(name), '-c', commands);
  return `${stdout}${stderr}`;
}

function login(name: string): readonly string[] {
  return ['--configfile=/dev/null', `--port=${port}`, '--user=mdt%secret', `//127.0.0.1/${name}`];
}

function share(status: Status, name: string): ResourceStatus | undefined {
  return status.resources.items.find(({ id }) => id === `share:${name}`);
}
