import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compareDump } from '../../daemon/samba/compare-dump.ts';
import { configOf } from '../../daemon/samba/config-of.ts';
import { gateConfig } from '../../daemon/samba/gate-config.ts';
import { gateWithout } from '../../daemon/samba/leave-out.ts';
import { renderConfig } from '../../daemon/samba/render-config.ts';
import { sambaPlace } from '../../daemon/samba/samba-place.ts';
import type { ShareWant } from '../../daemon/samba/share-want.ts';
import type { Parameter, SmbConfig } from '../../daemon/samba/smb-config.ts';
import { readConfig } from '../../daemon/samba/testparm.ts';

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const hasTestparm = spawnSync('testparm', ['--version'], { env: { PATH } }).error === undefined;
const options = hasTestparm ? {} : { skip: 'needs testparm' };
const temp = mkdtempSync(join(tmpdir(), 'anchord-gate-'));
const place = sambaPlace({ root: temp, stateDir: temp, path: PATH, serves: false });
const NOTHING = { userPart: '', userComplaints: new Set<string>() };
mkdirSync(place.dir);

after(() => rmSync(temp, { recursive: true, force: true }));

test(
  'what anchord writes is read by Samba as it is meant, odd paths and a thousand users included',
  options,
  async () => {
    const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
    const config = configFor(
      want('plain', {}),
      want('odd', { path: '/flux/größe [x] = y, z', hidden: ['a?b', 'c d', 'ü'] }),
      want('many', { readers: users }),
      want('bin', { recycle: true, group: 'staff' }),
      want('mac', { timeMachine: { maxBytes: 6 * 2 ** 40 } }),
      want('nobody', { writers: [], readers: ['bo'] }),
    );

    assert.deepEqual(await gateConfig(config, NOTHING, place), { kind: 'passed' });
  },
);

test('what testparm passes over in silence is caught by what it read', options, async () => {
  const config = configFor(want('flux', {}));
  const good = renderConfig(config);
  const silent: Readonly<Record<string, string>> = {
    'a misspelt option of a module': good.replace('fruit:aapl', 'fruit:apl'),
    'a bad value of a module': good.replace('fruit:metadata = stream', 'fruit:metadata = bananas'),
    'an empty file': '',
    garbage: '\0\u0001 not a configuration',
    'an include that is missing': '[global]\n\tinclude = /nonexistent/anchord.conf\n',
    'a section that is there twice': `${good}\n[flux]\n\tguest ok = yes\n`,
    'a line without an equals sign': good.replace('root preexec close = Yes', 'root preexec close'),
    'a comment behind a value': good.replace('path = /flux', 'path = /flux # the disk'),
    'a share more open than meant': good.replace('valid users = ana bo', 'valid users ='),
  };
  for (const [what, text] of Object.entries(silent)) {
    const file = join(temp, 'silent.conf');
    writeFileSync(file, text);

    const read = await readConfig(file, place);

    if (read.kind === 'unreadable') continue;
    assert.notDeepEqual(compareDump(config, read.dump), [], what);
  }
});

test('an unknown parameter is refused, and one in the host’s own part is not', options, async () => {
  const config = configFor(want('flux', {}));
  const wrong = withParameter(config, ['gest ok', 'No']);

  assert.equal((await gateConfig(wrong, NOTHING, place)).kind, 'refused');
  const own = join(temp, 'own.conf');
  writeFileSync(own, '[global]\n\tgest ok = no\n');
  const read = await readConfig(own, place);
  assert.equal(read.kind, 'read');
  if (read.kind !== 'read') return;
  const part = { userPart: '[global]\n\tgest ok = no\n', userComplaints: new Set(read.complaints) };
  assert.deepEqual(await gateConfig(config, part, place), { kind: 'passed' });
});

test('defaults that the host’s own global section sets do not leak into a share', options, async () => {
  const userPart =
    '[global]\n\tguest ok = yes\n\tadmin users = mallory\n\twide links = yes\n\tpreexec = /bin/evil\n';

  const verdict = await gateConfig(configFor(want('flux', {})), { ...NOTHING, userPart }, place);

  assert.deepEqual(verdict, { kind: 'passed' });
});

test('of many shares exactly those are left out that Samba does not read as meant', options, async () => {
  const { globals, shares } = configFor(
    want('one', {}),
    want('two', {}),
    want('three', {}),
    want('four', {}),
  );
  const broken = shares.map((section) => {
    if (section.name === 'two')
      return { ...section, parameters: [...section.parameters, ['guest ok', 'bananas'] as const] };
    if (section.name === 'four')
      return { ...section, parameters: [...section.parameters, ['path', '/x\n[evil]'] as const] };
    return section;
  });

  const gated = await gateWithout({ globals, shares: broken }, NOTHING, place);

  assert.deepEqual(
    gated.passed?.shares.map(({ name }) => name),
    ['one', 'three'],
  );
  assert.deepEqual([...gated.leftOut.keys()].toSorted(), ['four', 'two']);
});

test('a global section that Samba does not read leaves nothing', options, async () => {
  const { globals, shares } = configFor(want('one', {}));

  const gated = await gateWithout(
    { globals: [...globals, ['server role', 'bananas']], shares },
    NOTHING,
    place,
  );

  assert.equal(gated.passed, undefined);
  assert.notEqual(gated.message, '');
});

function want(name: string, change: Partial<ShareWant>): ShareWant {
  const none = { id: `share:${name}`, name, volume: 'flux', recycle: false, hidden: [] };
  return { ...none, path: '/flux', writers: ['ana'], readers: ['bo'], ...change };
}

function configFor(...wants: readonly ShareWant[]): SmbConfig {
  return configOf(wants, {
    version: { major: 4, minor: 17, patch: 0 },
    down: new Set(),
    guard: '/var/lib/guard',
  });
}

function withParameter(config: SmbConfig, parameter: Parameter): SmbConfig {
  return {
    ...config,
    shares: config.shares.map((section) => ({ ...section, parameters: [...section.parameters, parameter] })),
  };
}
