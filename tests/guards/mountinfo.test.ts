import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mountAt, mountsBetween, parseMountinfo } from '../../daemon/guards/mountinfo.ts';

test('a line as the kernel writes it', () => {
  const [mount] = parseMountinfo(
    '36 35 98:0 /mnt1 /flux rw,noatime master:1 shared:2 - ext4 /dev/sdb1 rw,errors=continue\n',
  );

  assert.deepEqual(mount, {
    id: '36',
    parentId: '35',
    device: '98:0',
    mountPoint: '/flux',
    root: '/mnt1',
    fstype: 'ext4',
    source: '/dev/sdb1',
    options: new Set(['rw', 'noatime', 'errors=continue']),
  });
});

test('read-only is seen, whether the mount or the file system under it is', () => {
  for (const line of [
    '1 2 8:1 / /flux ro,relatime - ext4 /dev/sdb1 rw',
    '1 2 8:1 / /flux rw,relatime - ext4 /dev/sdb1 ro,errors=remount-ro',
  ])
    assert.ok(parseMountinfo(line)[0]?.options.has('ro'), line);
  const shut = parseMountinfo('1 2 8:1 / /flux rw,relatime - ext4 /dev/sdb1 rw,emergency_ro')[0];
  assert.ok(shut?.options.has('emergency_ro'));
});

test('spaces, tabs, line ends and backslashes in names are read as they are', () => {
  const [mount] = parseMountinfo(
    String.raw`1 2 8:1 /a\040b /mnt/my\040disk\011\012\134040 rw - fuse.x /dev/disk\040one rw`,
  );

  assert.equal(mount?.mountPoint, '/mnt/my disk\t\n\\040');
  assert.equal(mount.root, '/a b');
  assert.equal(mount.source, '/dev/disk one');
});

test('a name of one dash, no optional fields, or an empty source confuse nothing', () => {
  assert.equal(parseMountinfo('1 2 8:1 / /- rw - ext4 - rw')[0]?.mountPoint, '/-');
  assert.equal(parseMountinfo('1 2 8:1 / /x rw - ext4 - rw')[0]?.source, '-');
  assert.equal(parseMountinfo('1 2 0:5 / /x rw - tmpfs  rw')[0]?.source, '');
});

test('lines that are none are passed over', () => {
  assert.deepEqual(parseMountinfo('\n\nnonsense\n1 2 3\n1 2 8:1 / /flux rw ext4 /dev/sda rw\n'), []);
});

test('of two mounts at one place the one that covers the other is seen', () => {
  const [under, over] = ['1 2 8:1 / /flux rw - ext4 /dev/old rw', '3 1 8:2 / /flux rw - ext4 /dev/new rw'];

  for (const text of [`${under}\n${over}\n`, `${over}\n${under}\n`])
    assert.equal(mountAt('/flux', parseMountinfo(text))?.source, '/dev/new', text);
  assert.equal(mountAt('/flu', parseMountinfo(under ?? '')), undefined);
});

test('what is mounted on the way from the top of a volume to a place is found, and nothing beside or below it', () => {
  const places = ['/flux', '/flux/a', '/flux/a/b', '/flux/ab', '/flux/a/b/c', '/'];
  const mounts = parseMountinfo(
    places.map((place, n) => `${n} 9 8:${n} / ${place} rw - ext4 /dev/x rw`).join('\n'),
  );

  const found = mountsBetween({ top: '/flux', place: '/flux/a/b' }, mounts);

  assert.deepEqual(
    found.map(({ mountPoint }) => mountPoint),
    ['/flux/a', '/flux/a/b'],
  );
  assert.deepEqual(mountsBetween({ top: '/flux', place: '/flux' }, mounts), []);
});

test('this machine’s own mounts can be read, each with a place and a type', () => {
  const text = readFileSync('/proc/self/mountinfo', 'utf8');
  const mounts = parseMountinfo(text);

  assert.equal(mounts.length, text.trim().split('\n').length);
  for (const mount of mounts) {
    assert.ok(mount.mountPoint.startsWith('/') && mount.fstype !== '', JSON.stringify(mount));
    assert.ok(mount.options.has('rw') || mount.options.has('ro'), JSON.stringify(mount));
  }
  assert.ok(mounts.some((mount) => mount.mountPoint === '/proc' && mount.fstype === 'proc'));
});
