import { testFaults } from '../fault-table.ts';

const BACKUP = 'kind: backup, schedule: "0 2 * * *"';
const PASSWORD = 'password: { secret: repo-password }';

testFaults([
  // policies
  {
    name: 'a schedule that never comes is refused, of prune too',
    yaml: `policies:\n  b: { kind: backup, schedule: "0 0 31 2 *", source: /data, repository: /vault/b, ${PASSWORD}, keep: { daily: 1 }, prune: { schedule: "0 0 L * *" } }\n`,
    at: ['2:32 schedule', '2:159 schedule'],
    says: /no such day/,
  },
  {
    name: 'a backup into its own source is refused',
    yaml: `policies:\n  b: { ${BACKUP}, source: /data, repository: /data/r, ${PASSWORD} }\n`,
    at: ['2:72 overlap'],
    says: /inside what it takes from/,
  },
  {
    name: 'graduating into the tree it comes from is refused',
    yaml: 'policies:\n  g: { kind: graduate, from: /data/work, to: /data/work/done, after: 1d, schedule: "0 0 * * *" }\n',
    at: ['2:46 overlap'],
    says: /inside what it takes from/,
  },
  {
    name: 'purging a repository is refused',
    yaml: 'directories:\n  /vault/repo: {}\npolicies:\n  p: { kind: purge, path: /vault/repo, after: 1d, schedule: "0 0 * * *" }\n',
    at: ['4:27 overlap'],
    says: /policy save stores its data/,
  },
  {
    name: 'graduating into a tree that is purged is refused',
    yaml: 'policies:\n  p: { kind: purge, path: /data/old, after: 1d, schedule: "0 0 * * *" }\n  g: { kind: graduate, from: /data/work, to: /data/old/x, after: 1d, schedule: "0 0 * * *" }\n',
    at: ['3:46 overlap'],
    says: /policy p empties/,
  },
  {
    name: 'two passwords for one repository are refused',
    yaml: `policies:\n  b: { ${BACKUP}, source: /data/work, repository: /vault/repo, password: { secret: cloud-key } }\n`,
    at: ['2:100 wrong-value'],
    says: /one repository has one password/,
  },
  {
    name: 'a repository inside another is refused',
    yaml: `policies:\n  b: { ${BACKUP}, source: /data, repository: /vault/repo/deep, ${PASSWORD} }\n`,
    at: ['2:72 overlap'],
    says: /inside that of policy save/,
  },
  {
    name: 'a mirror over a repository on the same bucket is refused',
    yaml: `policies:\n  b: { ${BACKUP}, source: /data, repository: "rclone:cloud:bucket/r", ${PASSWORD} }\n  m: { kind: mirror, source: /data, destination: "cloud:bucket", schedule: "0 0 * * *" }\n`,
    at: ['2:72 overlap'],
    says: /one of them would destroy the other/,
  },
  {
    name: 'a repository that restic reaches by itself lies on a remote that speaks so',
    yaml: `remotes:\n  s: { type: s3, provider: Wasabi, accessKeyId: a, secretAccessKey: { secret: cloud-key } }\n  h: { type: host }\n  i: { type: host }\npolicies:\n  b: { ${BACKUP}, source: /data, repository: "rest:cloud:x", ${PASSWORD} }\n  c: { ${BACKUP}, source: /data, repository: "s3:s:bucket/x", ${PASSWORD} }\n  d: { ${BACKUP}, source: /data, repository: "rest:h:x", ${PASSWORD} }\n  e: { ${BACKUP}, source: /data, repository: "rclone:i:x", ${PASSWORD} }\n`,
    at: ['6:72 wrong-value', '7:72 wrong-value'],
    says: /rest: needs a remote of type host, and cloud is of type (?:b2|s3|azureblob); write rclone:cloud:x/,
  },
  {
    name: 'a repository on a remote that nobody declares is refused, whoever speaks to it',
    yaml: `policies:\n  b: { ${BACKUP}, source: /data, repository: "rest:nowhere:x", ${PASSWORD} }\n`,
    at: ['2:72 unknown-reference'],
    says: /nowhere/,
  },
  {
    name: 'a place on a remote is clean',
    yaml: 'policies:\n  m: { kind: mirror, source: /data, destination: "cloud:bucket/../x/", schedule: "0 0 * * *" }\n',
    at: ['2:50 path'],
    says: /not clean/,
  },
  {
    name: 'a graduated name needs {name} and knows only {year} besides',
    yaml: 'policies:\n  g: { kind: graduate, from: /data/work, to: /data/old, name: "{year}", after: 1d, schedule: "0 0 * * *" }\n  h: { kind: graduate, from: /data/inbox, to: /data/old, name: "{yeer}-{name}", after: 1d, schedule: "0 0 * * *" }\n',
    at: ['2:63 wrong-value', '3:64 wrong-value'],
    says: /the same name/,
  },
  {
    name: 'part 5 of 4 is no part',
    yaml: 'policies:\n  c: { kind: check, of: [save], readData: 5/4, schedule: "0 0 * * *" }\n',
    at: ['2:43 wrong-value'],
    says: /no such part/,
  },
  {
    name: 'a prune that nothing ever feeds is refused',
    yaml: `policies:\n  b: { ${BACKUP}, source: /data, repository: /vault/b, ${PASSWORD}, prune: { schedule: "0 3 * * *" } }\n`,
    at: ['2:119 missing-key'],
    says: /without keep/,
  },
  {
    name: 'names of anchord itself are refused for policies',
    yaml: 'policies:\n  anchord-state: { kind: purge, path: /data/old, after: 7d, schedule: "0 0 * * *" }\n',
    at: ['2:3 forbidden'],
    says: /anchord's own/,
  },
  // catcher, sources, clients, notify
  {
    name: 'a tier is in exactly one place',
    yaml: 'catcher:\n  tiers:\n    hot: { path: /data/hot, remote: "cloud:hot" }\n    warm: {}\n',
    at: ['3:5 missing-key', '4:5 missing-key'],
    says: /both of path and remote/,
  },
  {
    name: 'the hot tier is on this host',
    yaml: 'catcher: { tiers: { hot: { remote: "cloud:hot" } } }\n',
    at: ['1:28 wrong-value'],
    says: /where files arrive/,
  },
  {
    name: 'tiers do not lie in each other',
    yaml: 'catcher: { tiers: { hot: { path: /data/t }, warm: { path: /data/t/w } } }\n',
    at: ['1:59 overlap'],
    says: /one tree/,
  },
  {
    name: 'a path of a source is clean',
    yaml: 'sources:\n  pc: { paths: [../up/] }\n',
    at: ['2:17 path'],
    says: /not clean/,
  },
  {
    name: 'drive letters A to C, small ones and one twice are refused',
    yaml: 'shares:\n  old: { path: /data/old, read: [ann] }\nclients:\n  pc: { os: windows, user: ann, mounts: { work: "C:" } }\n  pc2: { os: windows, user: ann, mounts: { work: "x:" } }\n  pc3: { os: windows, user: ann, mounts: { work: "X:", old: "X:" } }\n',
    at: ['4:49 wrong-value', '5:50 wrong-value', '6:61 duplicate'],
    says: /A to C belong to the system/,
  },
  {
    name: 'Windows needs letters, and others have none',
    yaml: 'clients:\n  pc: { os: windows, user: ann, mounts: [work] }\n  mac: { os: macos, user: ann, mounts: { work: "X:" } }\n',
    at: ['2:42 wrong-value', '3:48 wrong-value'],
    says: /drive letter from/,
  },
  {
    name: 'a Time Machine share is never mounted',
    yaml: 'shares:\n  tm: { path: /data/old, write: [ann], timeMachine: { maxSize: 1TB } }\nclients:\n  mac: { os: macos, user: ann, mounts: [tm] }\n',
    at: ['4:41 wrong-value'],
    says: /macOS finds it by itself/,
  },
  {
    name: 'a client mounts only what its user may use',
    yaml: 'users:\n  bob: { samba: { password: { secret: ann-password } } }\nclients:\n  mac: { os: macos, user: bob, mounts: [work, wrok] }\n',
    at: ['4:41 wrong-value', '4:47 unknown-reference'],
    says: /does not let in/,
  },
  {
    name: 'a receiver of news is reached in exactly one way',
    yaml: 'notify:\n  - { on: [failed] }\n  - { ntfy: { secret: cloud-id }, webhook: { secret: cloud-id } }\n',
    at: ['2:5 missing-key', '3:5 missing-key'],
    says: /exactly one/,
  },
  // secrets
  {
    name: 'a secret written out is refused and not repeated',
    yaml: 'remotes:\n  r: { type: b2, account: 0a3bf81c7d92e5f64411aa, key: { secret: cloud-key } }\n  s: { type: s3, provider: AWS, accessKeyId: q8Zr2LmXw0pTv7KdYs, secretAccessKey: { secret: cloud-key } }\n',
    at: ['3:46 secret-value'],
    says: /looks like a secret/,
  },
  {
    name: 'a secret in a comment is refused',
    yaml: `users: {}\n# was ghp_${'a1B2'.repeat(9)}\n`,
    at: ['2:7 secret-value'],
    says: /looks like a GitHub token/,
  },
]);
