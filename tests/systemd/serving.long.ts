import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cannotBoot } from './booted-container.ts';
import { resourceOf, ServingHost } from './serving-host.ts';

const options = { skip: cannotBoot() ?? false };
const DENIED = /EPERM|EACCES|not permitted|[Pp]ermission denied|SIGSYS|status=31/;
const STATE: Readonly<Record<string, string>> = {
  'hosts/motoko/host.yaml': 'host:\n  name: motoko\n  timezone: UTC\n',
  'hosts/motoko/volumes.yaml': `volumes:
  flux: { mount: /flux, fstype: ext4, label: flux }
  space: { mount: /space, fstype: ext4, label: space }
`,
  'hosts/motoko/directories.yaml': `directories:
  /flux/active: { owner: mdt, group: mdt, mode: "2775" }
  /flux/private: { owner: root, group: root, mode: "0700" }
  /space/projects: { owner: mdt, group: users, mode: "2770" }
`,
  'hosts/motoko/policies.yaml': `policies:
  flux-local:
    kind: backup
    source: /flux
    repository: /space/snapshots/flux-local
    password: { secret: restic }
    schedule: "0 3 * * *"
secrets:
  restic: { from: env-file, file: credentials, key: RESTIC_PASSWORD }
`,
};
const SHARES = `users:
  mdt: {}
shares:
  active: { path: /flux/active, write: [mdt], recycle: 30d }
  projects: { path: /space/projects, write: [mdt] }
`;
const LIST = "stat -c '%n %u %g %a %W %Z' /flux /flux/* /space/projects /etc/samba/*";
let host: ServingHost;

// The tests tell one story, each from where the one before left the host.
before(async () => {
  if (options.skip === false) host = await ServingHost.boot(STATE);
});
after(async () => {
  if (options.skip === false) await host[Symbol.asyncDispose]();
});

test('what was pushed over ssh is made on disks that a person adopted', options, async () => {
  host.run('systemctl start --no-block anchord');
  await host.until('the disks are refused', ({ volumes }) => volumes.some(({ guard }) => guard === 'failed'));

  host.run('anchord volume adopt flux; anchord volume adopt space');
  const status = await host.untilReady();

  assert.match(status.volumes[0]?.device ?? '', /^\/dev\/loop/);
  assert.deepEqual(host.run("stat -c '%n %U %G %a' /flux/active /flux/private /space/projects").split('\n'), [
    '/flux/active mdt mdt 2775',
    '/flux/private root root 700',
    '/space/projects mdt users 2770',
  ]);
  assert.equal(host.container.unit('anchord', 'ActiveState'), 'active');
});

test('a pushed share is served by the smbd of the host', options, async () => {
  await host.untilReady(host.push({ 'hosts/motoko/shares.yaml': SHARES }));

  assert.match(host.smb('active', 'put /etc/hostname new; ls'), /new/);
  assert.equal(host.run('stat -c %U /flux/active/new; cmp /flux/active/new /etc/hostname'), 'mdt');
  assert.doesNotMatch(host.smb('projects', 'put /etc/hostname plans; get plans -'), /NT_STATUS_/);
  assert.doesNotMatch(host.smb('active', 'del new; ls'), /\bnew\b/);
  assert.equal(host.run('find /flux/active/.recycle -type f'), '/flux/active/.recycle/mdt/new');
  assert.match(host.run('smbclient --user=mdt%secret -L 127.0.0.1 2>&1'), /\bmine\b/);
});

test('a disk that is taken out closes its share, and the others go on', options, async () => {
  const device = host.run('findmnt --noheadings --output SOURCE /flux');

  host.run('umount --lazy /flux');
  await host.until('its share is closed', (now) => resourceOf(now, 'share:active')?.reason === 'GuardFailed');

  assert.match(host.smb('active', 'ls'), /NT_STATUS_BAD_NETWORK_NAME/);
  assert.match(host.smb('projects', 'ls'), /plans/);
  assert.equal(host.run('ls -A /flux'), '');
  host.run(`mount ${device} /flux`);
  await host.untilReady();
  assert.match(host.smb('active', 'ls'), /\.recycle/);
});

test('a share that the host has itself fails, and the others go on', options, async () => {
  const text = `${SHARES}  mine: { path: /flux/private, read: [mdt] }\n`;

  const revision = host.push({ 'hosts/motoko/shares.yaml': text });
  const status = await host.until(
    'it is refused',
    (now) => now.source.attempted === revision && resourceOf(now, 'share:mine')?.reason === 'SectionTaken',
  );

  assert.equal(resourceOf(status, 'share:active')?.state, 'in-sync');
  assert.match(host.smb('active', 'ls'), /\.recycle/);
  assert.match(host.smb('mine', 'ls'), /\.\./);
  await host.untilReady(host.push({ 'hosts/motoko/shares.yaml': SHARES }));
});

test('restic backs up what everybody has, and restores it', options, () => {
  host.run(
    'setpriv --reuid=mdt --regid=mdt --clear-groups sh -c "umask 077; echo work > /flux/active/notes"',
  );

  host.run('anchord policy init flux-local');
  const run = host.run('anchord policy run flux-local');

  assert.match(run, /flux-local: ok, snapshot [0-9a-f]{8}/);
  const restored = host.run(
    `export RESTIC_PASSWORD='correct horse' RESTIC_REPOSITORY=/space/snapshots/flux-local
     restic --no-cache restore latest --target /srv/restored >&2
     cd /srv/restored/flux/active; stat -c '%U %a' notes; cat notes`,
  );
  assert.equal(restored, 'mdt 600\nwork');
});

test('a restart changes nothing', options, async () => {
  await host.untilReady();
  const before = host.run(LIST);
  const pid = host.container.unit('smbd', 'MainPID');
  const since = host.run('sleep 1; date "+%F %T"');

  host.run('systemctl restart anchord');
  await host.untilReady();

  assert.equal(host.run(LIST), before);
  assert.equal(host.container.unit('smbd', 'MainPID'), pid);
  assert.doesNotMatch(host.journal(since), /"event":"resource\.changed"/);
});

test('a daemon that was killed is started again, and goes on', options, async () => {
  const killed = host.container.unit('anchord', 'MainPID');

  host.run('systemctl kill --signal=KILL anchord');
  await host.container.until('another daemon is active', () => {
    const isActive = host.container.unit('anchord', 'ActiveState') === 'active';
    return isActive && host.container.unit('anchord', 'MainPID') !== killed;
  });

  const pushed = { 'hosts/motoko/more.yaml': 'directories:\n  /space/more: { owner: mdt }\n' };
  await host.untilReady(host.push(pushed));
  assert.equal(host.run('stat -c %U /space/more'), 'mdt');
  assert.match(host.smb('active', 'ls'), /notes/);
});

test('the audit is what was published, and nothing was denied', options, async () => {
  await host.container.until('the audit was published', () =>
    host.run('anchord audit verify --remote').includes('the status branch has the same lines'),
  );

  assert.doesNotMatch(host.journal(), DENIED);
});
