import assert from 'node:assert/strict';
import { chmod, chown, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Stalled } from '../../daemon/errors.ts';
import { loadSettings, parseSettings } from '../../daemon/settings/load-settings.ts';
import type { HostSettings } from '../../daemon/settings/host-settings.ts';
import { asRoot } from '../files/privileges.ts';
import { tempFolder } from '../files/temp-folder.ts';

const LEAST = 'host: motoko\nrepository: { url: /srv/state.git }\n';

test('two keys are enough, and everything else has a default', () => {
  assert.deepEqual(good(LEAST), {
    host: 'motoko',
    repository: {
      url: '/srv/state.git',
      branch: 'main',
      intervalMs: 60_000,
      fetchLimitBytes: 512 * 1024 * 1024,
    },
    status: { url: '/srv/state.git', redact: false },
    stateDir: '/var/lib/anchord',
    root: '/',
    listen: { host: '127.0.0.1', port: 8420 },
    hosts: [],
    allow: {},
    secrets: {},
    overrides: {},
  });
});

test('settings cannot be changed once they are read', () => {
  const settings = good(LEAST) as { host: string };

  assert.throws(() => (settings.host = 'other'), TypeError);
});

test('credentials of the state repo go to the status branch only when that is the same place', () => {
  const repository = 'repository: { url: https://a/x, credentials: { passwordFile: /p } }\n';

  assert.deepEqual(good(`host: m\n${repository}`).status.credentials, { passwordFile: '/p' });
  assert.equal(good(`host: m\n${repository}status: { url: https://b/x }\n`).status.credentials, undefined);
  assert.deepEqual(
    good(`host: m\n${repository}status: { url: https://b/x, credentials: { passwordFile: /q } }\n`).status
      .credentials,
    { passwordFile: '/q' },
  );
});

test('an address to listen on may be a name, an IPv4 or an IPv6 address', () => {
  for (const [text, listen] of [
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['localhost:80', { host: 'localhost', port: 80 }],
    ['"[::1]:65535"', { host: '::1', port: 65_535 }],
  ] as const)
    assert.deepEqual(good(`${LEAST}listen: ${text}\n`).listen, listen);
});

test('a root written in another way is still the root, and so guarded like one', () => {
  for (const root of ['/', '//', '/.', '/./', '/srv/..'])
    assert.equal(good(`${LEAST}root: ${root}\n`).root, '/', root);
  assert.equal(good(`${LEAST}root: /srv/demo/\n`).root, '/srv/demo');
});

const bad: Readonly<Record<string, readonly [string, RegExp]>> = {
  'nothing at all': ['', /^f:1:1: the settings is nothing, expected a value of type object/],
  'a list': ['- a\n', /^f:1:1: the settings is a list, expected a value of type object/],
  'no host': ['repository: { url: /x }\n', /^f:1:1: the settings: the key host is missing/],
  'no url': ['host: m\nrepository: {}\n', /^f:2:13: repository: the key url is missing/],
  'an unknown key': [
    `${LEAST}\nlissten: 1\n`,
    /^f:4:1: the settings: unknown key "lissten"; one of host, .* is expected\. Did you mean listen\?/,
  ],
  'an unknown key inside': [
    'host: m\nrepository:\n  url: /x\n  brnch: main\n',
    /^f:4:3: repository: unknown key "brnch"; .* Did you mean branch\?/,
  ],
  'a key given twice': [`${LEAST}host: other\n`, /^f:3:1: .*unique/i],
  'a key with a meaning to JavaScript': [`${LEAST}__proto__: { a: 1 }\n`, /^f:3:1: .*__proto__/],
  'an impossible host name': [
    'host: Moto_ko\nrepository: { url: /x }\n',
    /^f:1:7: host is "Moto_ko", expected something like motoko/,
  ],
  'a host name that is a path': [
    'host: ../x\nrepository: { url: /x }\n',
    /^f:1:7: host is "\.\.\/x", expected something like motoko/,
  ],
  'a number for a name': [
    'host: 12\nrepository: { url: /x }\n',
    /^f:1:7: host is the number 12, expected a value of type string/,
  ],
  'a relative state directory': [
    `${LEAST}stateDir: here\n`,
    /^f:3:11: stateDir is "here", expected something like \/etc\/anchord\/FILE/,
  ],
  'an address without a port': [
    `${LEAST}listen: 127.0.0.1\n`,
    /^f:3:9: listen is "127\.0\.0\.1", expected something like 127\.0\.0\.1:8420/,
  ],
  'a port that does not exist': [
    `${LEAST}listen: 127.0.0.1:70000\n`,
    /^f:3:9: listen has a port above 65535/,
  ],
  'an interval without a unit': [
    'host: m\nrepository: { url: /x, interval: 60 }\n',
    /^f:2:34: repository\.interval is the number 60, expected a value of type string/,
  ],
  'no interval to speak of': [
    'host: m\nrepository: { url: /x, interval: 0s }\n',
    /^f:2:34: repository\.interval is "0s", expected something like 90s or 12h/,
  ],
  'an interval of an age': [
    'host: m\nrepository: { url: /x, interval: 99999999999s }\n',
    /^f:2:34: repository\.interval is longer/,
  ],
  'a word that is none of the choices': [
    `${LEAST}auth: maybe\n`,
    /^f:3:7: auth is "maybe", expected one of none, tokens/,
  ],
  'YAML that does not end': ['host: "m\nrepository: {', /^f:\d+:\d+: /],
  'two documents': [`${LEAST}---\nhost: other\n`, /^f:3:1: .*multiple documents/],
  'an alias': [
    'host: &h m\nrepository: { url: *h }\n',
    /^f:2:20: \*h: aliases are not taken here; write it out/,
  ],
  'an alias of nothing': ['host: *h\nrepository: { url: /x }\n', /^f:1:7: \*h: aliases are not taken/],
  'a tag': ['host: !secret m\nrepository: { url: /x }\n', /^f:1:7: .*!secret/],
  'YAML 1.1 words where a truth is asked for': [
    `${LEAST}status: { redact: yes }\n`,
    /^f:3:19: status\.redact is "yes", expected a value of type boolean/,
  ],
};

for (const [what, [text, expected]] of Object.entries(bad)) {
  test(`refused, with its place: ${what}`, () => {
    const parsed = parseSettings(text, 'f');

    assert.ok(parsed.kind === 'bad', 'it was taken');
    assert.match(parsed.faults[0] ?? '', expected);
  });
}

test('each kind of remote takes its own credentials, and says which where others are given', () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'url: /srv/x, credentials: { passwordFile: /p }':
      /^f:3:\d+: repository\.credentials\.passwordFile means nothing here: .* local folder, which takes no credentials/,
    'url: "http://h/x", credentials: { passwordFile: /p, caFile: /c }':
      /caFile means nothing here: the url is of kind http, which takes username, passwordFile/,
    'url: "https://h/x", credentials: { keyFile: /k, caFile: /c }':
      /keyFile means nothing here: the url is of kind https, which takes username, passwordFile, caFile/,
    'url: "https://h/x", credentials: { username: anna }': /username needs a passwordFile beside it/,
    'url: "ssh://git@h/x"':
      /^f:3:10: repository\.url is of kind ssh, and needs keyFile and knownHostsFile in its credentials/,
    'url: "git@h:x", credentials: { keyFile: /k }':
      /repository\.url is of kind ssh, and needs knownHostsFile in its credentials/,
    'url: "git@h:x", credentials: { keyFile: /k, knownHostsFile: /h, passwordFile: /p }':
      /passwordFile means nothing here: the url is of kind ssh, which takes keyFile, knownHostsFile/,
    'url: "git@h:x", credentials: { keyFile: "/a$HOME", knownHostsFile: /h }':
      /keyFile has a character that ssh does not take in a path/,
    'url: "https://h/x", credentials: {}': /credentials must NOT have fewer than 1 properties/,
  };
  for (const [text, says] of Object.entries(wrong))
    assert.match(faults(`host: m\nrepository:\n  { ${text} }\n`).join('\n'), says, text);

  for (const text of [
    'url: "https://h/x", credentials: { caFile: /c }',
    'url: "https://h/x", credentials: { username: a, passwordFile: /p, caFile: /c }',
    'url: "ssh://git@h:22/x", credentials: { keyFile: "/a b/k", knownHostsFile: /h }',
  ])
    good(`host: m\nrepository: { ${text} }\n`);
});

test('credentials of another place for the status are held against that place', () => {
  const ssh = 'repository: { url: "git@h:x", credentials: { keyFile: /k, knownHostsFile: /h } }\n';

  good(`host: m\n${ssh}status: { url: "https://b/x", credentials: { passwordFile: /p } }\n`);
  assert.match(
    faults(`host: m\n${ssh}status: { credentials: { passwordFile: /p } }\n`).join('\n'),
    /status\.credentials\.passwordFile means nothing here: the url is of kind ssh/,
  );
  assert.match(
    faults(`host: m\n${ssh}status: { url: "git@other:x" }\n`).join('\n'),
    /^f:3:16: status\.url is of kind ssh, and needs keyFile and knownHostsFile/,
  );
});

test('who may sign is one file or several, and must be said when commits must be signed', () => {
  const one = parseSettings(`host: m\nrepository: { url: /x, verify: signed, allowedSigners: /a }\n`, 'f');
  const two = parseSettings(
    `host: m\nrepository: { url: /x, verify: signed, allowedSigners: [/a, /b] }\n`,
    'f',
  );
  const unasked = parseSettings(`host: m\nrepository: { url: /x, allowedSigners: /a }\n`, 'f');
  const off = parseSettings(`host: m\nrepository: { url: /x, verify: none, allowedSigners: /a }\n`, 'f');
  const none = parseSettings(`host: m\nrepository: { url: /x, verify: signed }\n`, 'f');

  assert.deepEqual(one.kind === 'good' && one.settings.repository.signers, ['/a']);
  assert.deepEqual(two.kind === 'good' && two.settings.repository.signers, ['/a', '/b']);
  assert.match(unasked.kind === 'bad' ? (unasked.faults[0] ?? '') : '', /^f:2:.*nothing asks for signatures/);
  assert.equal(off.kind === 'good' && off.settings.repository.signers, undefined);
  assert.match(none.kind === 'bad' ? (none.faults[0] ?? '') : '', /^f:2:.*allowedSigners/);
});

test('all faults are told at once', () => {
  const parsed = parseSettings('host: M\nrepository: { url: /x, bad: 1 }\nlisten: here\n', 'f');

  assert.equal(parsed.kind === 'bad' && parsed.faults.length, 3);
});

test('what this version cannot do is refused, never passed over', () => {
  const asked = {
    'repository: { url: /x }\ntls: { cert: /c, key: /k }': /tls/,
    'repository: { url: /x }\nauth: tokens': /auth: tokens/,
  };

  for (const [text, expected] of Object.entries(asked)) {
    const parsed = parseSettings(`host: m\n${text}\n`, 'f');
    assert.ok(parsed.kind === 'bad', text);
    assert.match(parsed.faults.join('\n'), expected);
    assert.match(parsed.faults.join('\n'), /not carried out by this version/);
  }
  assert.equal(
    parseSettings('host: m\nrepository: { url: /x, verify: none }\nauth: none\n', 'f').kind,
    'good',
  );
});

test('a file is read through a link, and its faults name it', async () => {
  await using folder = await tempFolder('settings');
  const file = await write(folder.path, 'host: M\nrepository: { url: /x }\n');
  const linked = join(folder.path, 'linked.yaml');
  await symlink(file, linked);

  await assert.rejects(loadSettings(linked), (error: unknown) => {
    assert.ok(error instanceof Stalled);
    assert.match(error.message, new RegExp(`^${linked}:1:7: host `));
    assert.equal(error.next, `edit ${linked}`);
    return true;
  });
});

test('a file that others can write to is refused, with the command that mends it', async () => {
  await using folder = await tempFolder('settings');
  const file = await write(folder.path, LEAST);

  for (const mode of [0o620, 0o602, 0o666]) {
    await chmod(file, mode);
    await assert.rejects(loadSettings(file), { reason: 'NotPermitted', next: `chmod go-w ${file}` });
  }
  await chmod(file, 0o644);
  assert.equal((await loadSettings(file)).host, 'motoko');
});

test('a file of another user is refused: they could write into it', asRoot, async () => {
  await using folder = await tempFolder('settings');
  const file = await write(folder.path, LEAST);
  await chmod(file, 0o644);
  await chown(file, 54_321, 0);

  await assert.rejects(loadSettings(file), {
    reason: 'NotPermitted',
    next: `look at it, then: chown root ${file}`,
  });
});

test('a file that is not there says what to do instead', async () => {
  await using folder = await tempFolder('settings');

  await assert.rejects(loadSettings(join(folder.path, 'none.yaml')), (error: unknown) => {
    assert.ok(error instanceof Stalled);
    assert.match(error.message, /none\.yaml do not exist/);
    assert.match(error.next ?? '', /--config FILE/);
    return true;
  });
});

function good(text: string): HostSettings {
  const parsed = parseSettings(text, 'f');
  assert.ok(parsed.kind === 'good', parsed.kind === 'bad' ? parsed.faults.join('\n') : '');
  return parsed.settings;
}

function faults(text: string): readonly string[] {
  const parsed = parseSettings(text, 'f');
  return parsed.kind === 'bad' ? parsed.faults : [];
}

async function write(folder: string, text: string): Promise<string> {
  const file = join(folder, 'anchord.yaml');
  await writeFile(file, text);
  return file;
}
