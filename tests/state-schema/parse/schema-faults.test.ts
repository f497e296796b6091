import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testFaults } from '../fault-table.ts';
import { inShort, problemsWith } from '../state-files.ts';

testFaults([
  {
    name: 'an unknown section offers the nearest',
    yaml: 'volumez: {}\n',
    at: ['1:1 unknown-key'],
    says: /Did you mean volumes\?/,
  },
  {
    name: 'an unknown key offers the nearest',
    yaml: 'sources:\n  pc: { qouta: 1GB }\n',
    at: ['2:9 unknown-key'],
    says: /sources › pc knows no key "qouta".*Did you mean quota\?/,
  },
  {
    name: 'a missing key is told at what lacks it',
    yaml: 'links:\n  /data/a: {}\n',
    at: ['2:3 missing-key'],
    says: /lacks the key target/,
  },
  {
    name: 'an octal mode without quotes is told to be put in quotes',
    yaml: 'directories:\n  /data/x:\n    mode: 0755\n',
    at: ['3:11 wrong-type'],
    says: /the number 755; .*write it in quotes/,
  },
  {
    name: 'setuid is refused',
    yaml: 'directories:\n  /data/x: { mode: "4755" }\n',
    at: ['2:20 wrong-value'],
    says: /without setuid/,
  },
  {
    name: 'an owner by a number of the system is refused',
    yaml: 'directories:\n  /data/x: { owner: "0" }\n',
    at: ['2:21 wrong-value'],
    says: /from 1000 up/,
  },
  {
    name: 'a directory without a value is told to have one',
    yaml: 'directories:\n  /data/x:\n',
    at: ['2:3 wrong-type'],
    says: /is nothing; a mapping is expected/,
  },
  {
    name: 'a policy of an unknown kind offers the nearest',
    yaml: 'policies:\n  p: { kind: bakup }\n',
    at: ['2:14 wrong-value'],
    says: /one of backup, mirror.*Did you mean backup\?/,
  },
  {
    name: 'a policy without a kind is one problem',
    yaml: 'policies:\n  p: { schedule: x }\n',
    at: ['2:3 missing-key'],
    says: /lacks the key kind/,
  },
  {
    name: 'a schedule with six fields is refused',
    yaml: 'policies:\n  p: { kind: tier, schedule: "0 0 0 * * *" }\n',
    at: ['2:30 wrong-value'],
    says: /exactly five cron fields/,
  },
  {
    name: 'a remote of another type is refused',
    yaml: 'remotes:\n  r: { type: sftp, ssh: "sh -c id" }\n',
    at: ['2:14 wrong-value'],
    says: /one of host, b2, s3, azureblob/,
  },
  {
    name: 'an option that runs a command is refused',
    yaml: 'remotes:\n  r: { type: b2, account: a, key: { secret: cloud-key }, password_command: id }\n',
    at: ['2:58 unknown-key'],
    says: /password_command/,
  },
  {
    name: 'an endpoint of nobody known is refused',
    yaml: 'remotes:\n  r: { type: s3, provider: Other, accessKeyId: a, secretAccessKey: { secret: cloud-key }, endpoint: "https://evil.example" }\n',
    at: ['2:101 wrong-value'],
    says: /overrides\.remotes/,
  },
  {
    name: 'a number that may be a share is told so once',
    yaml: 'policies:\n  p: { kind: purge, path: /data/old, after: 7d, schedule: "0 0 * * *", limits: { delete: x } }\n',
    at: ['2:90 wrong-value'],
    says: /a number of entries, or a share such as 5%/,
  },
  {
    name: 'a list with one entry twice is refused',
    yaml: 'notify:\n  - { ntfy: { secret: cloud-id }, on: [failed, failed] }\n',
    at: ['2:39 wrong-value'],
    says: /only once/,
  },
  {
    name: 'a host name with capitals is refused at the key',
    yaml: 'clients:\n  Big: { os: macos, user: ann, mounts: [] }\n',
    at: ['2:3 wrong-value'],
    says: /"Big" cannot be a key of clients/,
  },
]);

test('a password written where a reference belongs is refused and not repeated', () => {
  const problems = problemsWith('users:\n  bob: { samba: { password: hunter2 } }\n');

  assert.deepEqual(problems.map(inShort), ['hosts/nas/more.yaml:2:29 wrong-type']);
  assert.match(problems[0]?.message ?? '', /write \{ secret: NAME \}/);
  assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
});

test('a random value under an unknown key is not repeated either', () => {
  const problems = problemsWith(
    'remotes:\n  r: { type: q8Zr+2LmXw0pTv7KdYq8Zr, key: "Zr+2LmXw0pTv7KdYq8Zr" }\n',
  );

  assert.doesNotMatch(JSON.stringify(problems.map(({ message, found }) => [message, found])), /7KdYq8Zr"/);
});

test('a name cannot smuggle anything into a message', () => {
  const problems = problemsWith('users:\n  "a\\e[31m\\nroot": {}\n');

  assert.equal(problems.length, 1);
  assert.ok(!/\p{Cc}/u.test(problems[0]?.message ?? ''));
});

test('a problem says what was found, what is expected and where in the document', () => {
  const [problem] = problemsWith('volumes:\n  v: { mount: /v, label: v, fstype: ext5 }\n');

  assert.equal(problem?.pointer, '/volumes/v/fstype');
  assert.equal(problem?.found, '"ext5"');
  assert.match(problem?.expected ?? '', /^one of .*ext4/);
  assert.equal(problem?.nearest, 'ext2');
});

test('every problem is told at once, in the order of lines', () => {
  const problems = problemsWith(
    'volumes:\n  v: { label: v }\nshares:\n  s: { path: /data/old/, write: [ann] }\nlinkz: {}\nsources:\n  x: { quota: 1 }\n',
  );

  assert.deepEqual(problems.map(inShort), [
    'hosts/nas/more.yaml:2:3 missing-key',
    'hosts/nas/more.yaml:4:14 path',
    'hosts/nas/more.yaml:5:1 unknown-key',
    'hosts/nas/more.yaml:7:15 wrong-type',
  ]);
});
