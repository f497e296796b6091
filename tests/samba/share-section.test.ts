import assert from 'node:assert/strict';
import test from 'node:test';
import { globalParameters } from '../../daemon/samba/global-parameters.ts';
import { renderConfig, sectionTexts, valueIn } from '../../daemon/samba/render-config.ts';
import { breaksTimeMachine, parseSambaVersion } from '../../daemon/samba/samba-version.ts';
import { shareSection } from '../../daemon/samba/share-section.ts';
import type { ShareWant } from '../../daemon/samba/share-want.ts';
import { shrunkShares } from '../../daemon/samba/shrinks.ts';
import { unsafeSection } from '../../daemon/samba/unsafe-section.ts';

const UP = { isUp: true, guard: '/var/lib/anchord/samba/guard' };
const WANT: ShareWant = {
  id: 'share:flux',
  name: 'flux',
  path: '/flux',
  volume: 'flux',
  writers: ['ana'],
  readers: ['bo', 'cy'],
  recycle: false,
  hidden: [],
};

test('a section says who writes and who reads, and is closed to all others', () => {
  const said = new Map(shareSection(WANT, UP).parameters);

  assert.deepEqual(
    ['path', 'valid users', 'write list', 'read list', 'read only', 'guest ok', 'available'].map((name) =>
      said.get(name),
    ),
    ['/flux', 'ana bo cy', 'ana', 'bo cy', 'Yes', 'No', 'Yes'],
  );
  assert.equal(said.get('root preexec'), '/bin/sh /var/lib/anchord/samba/guard flux');
  assert.equal(said.get('root preexec close'), 'Yes');
});

test('a share with recycle repeats the modules of all, and a Time Machine share its limit in bytes', () => {
  const recycle = new Map(shareSection({ ...WANT, recycle: true }, UP).parameters);
  const mac = new Map(shareSection({ ...WANT, timeMachine: { maxBytes: 6 * 2 ** 40 } }, UP).parameters);

  assert.equal(recycle.get('vfs objects'), 'catia fruit recycle streams_xattr');
  assert.equal(recycle.get('recycle:repository'), '.recycle/%U');
  assert.equal(mac.get('vfs objects'), 'catia fruit streams_xattr');
  assert.equal(mac.get('fruit:time machine max size'), '6597069766656');
  assert.equal(mac.get('create mask'), '0600');
});

test('names that are hidden cannot end the list or mean something in it', () => {
  const hidden = ['a/b', '%U', 'x;y', 'back\\slash', 'quo"te', 'übung', 'plain', 'plain'];

  const section = shareSection({ ...WANT, hidden }, UP);

  const veto = new Map(section.parameters).get('veto files');
  assert.equal(veto, '/.anchord-*/a?b/?U/x?y/back?slash/quo?te/übung/plain/');
  assert.equal(unsafeSection(section), undefined);
});

test('nothing that smb.conf reads as something else gets into a section', () => {
  const hostile = ['\n[evil]', '\r', '\0', '\u2028', '%h', '; x', '# x', '"', "'", '\\', 'x ', ' x'];
  for (const text of hostile) {
    assert.notEqual(
      unsafeSection(shareSection({ ...WANT, path: text }, UP)),
      undefined,
      JSON.stringify(text),
    );
    assert.notEqual(
      unsafeSection(shareSection({ ...WANT, name: `x${text}` }, UP)),
      undefined,
      JSON.stringify(text),
    );
  }
  for (const volume of ['x; reboot', '$(reboot)', '`reboot`', 'x|y', 'x&y', 'x>y'])
    assert.notEqual(unsafeSection(shareSection({ ...WANT, volume }, UP)), undefined, volume);
  for (const path of ['/flux/my files', '/flux/[x]', '/flux/größe', '/flux/a=b'])
    assert.equal(unsafeSection(shareSection({ ...WANT, path }, UP)), undefined, path);
});

test('a parameter that a version of Samba does not know is not said to it', () => {
  function names(version: string): readonly string[] {
    const parsed = parseSambaVersion(`Version ${version}-Debian`);
    assert.ok(parsed);
    return globalParameters(parsed).map(([name]) => name);
  }

  assert.equal(names('4.17.12').includes('smb3 unix extensions'), false);
  assert.equal(names('4.22.9').includes('smb3 unix extensions'), false);
  assert.equal(names('4.23.0').includes('smb3 unix extensions'), true);
  assert.equal(names('5.0.0').includes('smb3 unix extensions'), true);
});

test('versions with which Time Machine breaks are known', () => {
  const bad = ['4.21.9', '4.22.0', '4.22.6', '4.22.7', '4.23.3', '4.23.4', '4.24.0'].filter((version) => {
    const parsed = parseSambaVersion(`Version ${version}`);
    return parsed !== undefined && breaksTimeMachine(parsed);
  });

  assert.deepEqual(bad, ['4.22.0', '4.22.6', '4.23.3']);
});

test('a text is taken apart as it was put together', () => {
  const text = renderConfig({
    globals: [['server role', 'standalone server']],
    shares: [shareSection(WANT, UP)],
  });

  const sections = sectionTexts(text);

  assert.deepEqual([...sections.keys()], ['global', 'flux']);
  assert.equal(valueIn(sections.get('flux') ?? '', 'valid users'), 'ana bo cy');
  assert.equal(valueIn(sections.get('flux') ?? '', 'admin users'), '');
});

test('sessions end where access shrinks, and only there', () => {
  function text(change: Partial<ShareWant> | undefined, isUp = true): string {
    const shares = change === undefined ? [] : [shareSection({ ...WANT, ...change }, { ...UP, isUp })];
    return renderConfig({ globals: [], shares });
  }
  const shrinking: readonly string[] = [
    text(undefined),
    text({}, false),
    text({ readers: ['bo'] }),
    text({ writers: [], readers: ['ana', 'bo', 'cy'] }),
    text({ path: '/space' }),
    text({ hidden: ['vault'] }),
  ];
  const growing: readonly string[] = [
    text({}),
    text({ readers: ['bo', 'cy', 'di'] }),
    text({ writers: ['ana', 'bo'], readers: ['cy'] }),
  ];

  for (const now of shrinking) assert.deepEqual(shrunkShares(text({}), now), ['flux'], now);
  for (const now of growing) assert.deepEqual(shrunkShares(text({}), now), [], now);
});
