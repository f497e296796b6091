import { testFaults } from '../fault-table.ts';

const BACKUP = 'kind: backup, schedule: "0 2 * * *"';
const PASSWORD = 'password: { secret: repo-password }';

testFaults([
  // references
  {
    name: 'a share for a user nobody declares offers the nearest',
    yaml: 'shares:\n  old: { path: /data/old, write: [amn] }\n',
    at: ['2:35 unknown-reference'],
    says: /refers to "amn".*Did you mean ann\?/,
  },
  {
    name: 'a secret nobody declares is told',
    yaml: 'users:\n  bob: { samba: { password: { secret: bob-pw } } }\n',
    at: ['2:39 unknown-reference'],
    says: /secrets does not declare/,
  },
  {
    name: 'a remote nobody declares is told, of mirrors, repositories and tiers',
    yaml: 'policies:\n  m: { kind: mirror, source: /data, destination: "clod:b", schedule: "0 0 * * *" }\n  b: { kind: backup, source: /data, repository: "rclone:nope:b/x", password: { secret: repo-password }, schedule: "0 0 * * *" }\ncatcher: { tiers: { hot: { path: /data/hot }, cold: { remote: "far:c" } } }\n',
    at: ['2:50 unknown-reference', '3:49 unknown-reference', '4:63 unknown-reference'],
    says: /Did you mean cloud\?/,
  },
  {
    name: 'a check of a policy that does not exist, or is no backup, is told',
    yaml: 'policies:\n  p: { kind: purge, path: /data/old, after: 7d, schedule: "0 0 * * *" }\n  c: { kind: check, of: [sve, p], schedule: "0 0 * * *" }\n',
    at: ['3:26 unknown-reference', '3:31 wrong-value'],
    says: /Did you mean save/,
  },
  {
    name: 'a tier policy without a catcher is told',
    yaml: 'policies:\n  t: { kind: tier, schedule: "0 0 * * *" }\n',
    at: ['2:3 unknown-reference'],
    says: /there is no catcher/,
  },
  {
    name: 'news about a policy nobody declares is told',
    yaml: 'notify:\n  - { ntfy: { secret: cloud-id }, policies: [saev] }\n',
    at: ['2:46 unknown-reference'],
    says: /Did you mean save/,
  },
  // paths
  {
    name: 'a path with .. is refused',
    yaml: 'directories:\n  /data/../etc: {}\n',
    at: ['2:3 path'],
    says: /holds \.\./,
  },
  {
    name: 'a path with // or a / at its end is refused',
    yaml: 'directories:\n  /data//x: {}\n  /data/y/: {}\n',
    at: ['2:3 path', '3:3 path'],
    says: /\/\/ where one/,
  },
  {
    name: 'a path with a line end is refused',
    yaml: 'directories:\n  "/data/a\\nb": {}\n',
    at: ['2:3 path'],
    says: /line end/,
  },
  {
    name: 'a name over 255 bytes is refused',
    yaml: `directories:\n  ? /data/${'é'.repeat(128)}\n  : {}\n`,
    at: ['2:5 path'],
    says: /longer than 255 bytes/,
  },
  {
    name: 'names of anchord itself are refused in paths',
    yaml: 'directories:\n  /data/.anchord-volume: {}\n',
    at: ['2:3 path'],
    says: /anchord’s own/,
  },
  {
    name: 'a directory on no volume is refused',
    yaml: 'directories:\n  /date/x: {}\n',
    at: ['2:3 path'],
    says: /lies on no declared volume; a path below \/data, \/vault/,
  },
  {
    name: 'the target of a link lies on a volume too',
    yaml: 'links:\n  /data/l: { target: /etc/shadow }\n',
    at: ['2:22 path'],
    says: /"\/etc\/shadow" of the link lies on no declared volume/,
  },
  {
    name: 'policies, repositories and tiers lie on volumes',
    yaml: `policies:\n  b: { ${BACKUP}, source: /etc, repository: /root/r, ${PASSWORD} }\ncatcher: { tiers: { hot: { path: /srv/hot } } }\n`,
    at: ['2:53 path', '2:71 path', '3:34 path'],
    says: /"\/etc" of policy b/,
  },
  {
    name: 'the root of a volume is no directory of ours and is never purged',
    yaml: 'directories:\n  /data: { mode: "0777" }\npolicies:\n  p: { kind: purge, path: /vault, after: 7d, schedule: "0 0 * * *" }\n',
    at: ['2:3 path', '4:27 path', '4:27 overlap'],
    says: /root of volume data itself/,
  },
  // links
  {
    name: 'a link and a directory at one place are refused',
    yaml: 'links:\n  /data/old: { target: /vault/x }\n',
    at: ['base.yaml:9:3 overlap'],
    says: /place of the link/,
  },
  {
    name: 'a directory below a link is refused',
    yaml: 'links:\n  /data/l: { target: /vault/x }\ndirectories:\n  /data/l/sub: {}\n',
    at: ['4:3 overlap'],
    says: /below the link "\/data\/l"/,
  },
  {
    name: 'a link that leads to a link is refused',
    yaml: 'links:\n  /data/l: { target: /data/m }\n  /data/m: { target: /data/l }\n',
    at: ['2:22 overlap', '3:22 overlap'],
    says: /reached through the link/,
  },
  // volumes
  {
    name: 'a volume on the system is refused',
    yaml: 'volumes:\n  v: { mount: /home/media, label: v }\n  w: { mount: /lib64, label: w }\n',
    at: ['2:15 forbidden', '3:15 forbidden'],
    says: /belongs to the system/,
  },
  {
    name: 'a volume on the root is refused',
    yaml: 'volumes:\n  v: { mount: /, label: v }\n',
    at: ['2:15 path'],
    says: /root of the host/,
  },
  {
    name: 'a volume without identity is refused',
    yaml: 'volumes:\n  v: { mount: /v }\n',
    at: ['2:3 missing-key'],
    says: /uuid or label/,
  },
  {
    name: 'two volumes of one label are refused',
    yaml: 'volumes:\n  v: { mount: /v, label: data }\n',
    at: ['2:26 duplicate'],
    says: /same label "data"/,
  },
  {
    name: 'a volume inside another is refused',
    yaml: 'volumes:\n  v: { mount: /data/v, label: v }\n',
    at: ['2:15 overlap'],
    says: /inside volume data/,
  },
  // shares
  {
    name: 'overlapping shares are refused',
    yaml: 'directories:\n  /data/work/deep: {}\nshares:\n  deep: { path: /data/work/deep, read: [ann] }\n',
    at: ['4:17 overlap'],
    says: /share work serves too/,
  },
  {
    name: 'a share of something undeclared is refused',
    yaml: 'shares:\n  s: { path: /data/stuff, read: [ann] }\n',
    at: ['2:14 unknown-reference'],
    says: /nothing declares/,
  },
  {
    name: 'a share path that Samba would substitute is refused',
    yaml: 'directories:\n  /data/%U: {}\nshares:\n  s: { path: /data/%U, read: [ann] }\n',
    at: ['4:14 path'],
    says: /Samba reads as something else/,
  },
  {
    name: 'a share that lets nobody in is refused',
    yaml: 'shares:\n  s: { path: /data/old }\n',
    at: ['2:3 missing-key'],
    says: /lets nobody in/,
  },
  {
    name: 'a name that Samba uses itself is refused',
    yaml: 'shares:\n  global: { path: /data/old, read: [ann] }\n',
    at: ['2:3 forbidden'],
    says: /Samba itself/,
  },
  // accounts
  {
    name: 'a push cannot declare accounts of the system',
    yaml: 'users:\n  root: {}\n  www-data: {}\n  systemd-network: {}\n',
    at: ['2:3 forbidden', '3:3 forbidden', '4:3 forbidden'],
    says: /root is an account of the system/,
  },
  {
    name: 'setgid cannot hand files to a privileged group',
    yaml: 'directories:\n  /data/x: { group: docker, mode: "2775" }\n',
    at: ['2:21 forbidden'],
    says: /group docker/,
  },
]);
