import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { blockDevice } from '../../daemon/guards/block-device.ts';
import { parseMountinfo, type Mount } from '../../daemon/guards/mountinfo.ts';
import { physicalDisk } from '../../daemon/guards/physical-disk.ts';
import { tempFolder } from '../files/temp-folder.ts';

interface Device {
  /** Below /sys/devices. */
  readonly at: string;
  readonly number: string;
  readonly files?: Readonly<Record<string, string>>;
  /** What it is made of, by name. */
  readonly slaves?: readonly string[];
}

const USB = 'pci/usb/block/sdb';
/** A machine with everything between a file system and a disk. The layout is the kernel's. */
const MACHINE: readonly Device[] = [
  { at: 'pci/ata/block/sda', number: '8:0', files: { 'device/model': 'WDC WD120EMFZ-11 \n' } },
  { at: 'pci/ata/block/sda/sda1', number: '8:1', files: { partition: '1\n' } },
  { at: USB, number: '8:16', files: { 'device/model': 'USB 3.0\u0007  20TB  Drive\n' } },
  { at: `${USB}/sdb1`, number: '8:17', files: { partition: '1\n' } },
  { at: `${USB}/sdb2`, number: '8:18', files: { partition: '2\n' } },
  { at: 'pci/nvme/block/nvme0n1', number: '259:0' },
  { at: 'virtual/block/dm-0', number: '252:0', slaves: ['sda1'] },
  { at: 'virtual/block/dm-1', number: '252:1', slaves: ['dm-0', 'sdb1'] },
  { at: 'virtual/block/md0', number: '9:0', slaves: ['sdb2', 'nvme0n1', 'sdb1'] },
  { at: 'virtual/block/loop0', number: '7:0', files: { 'loop/backing_file': '/space/images/disk.img\n' } },
  { at: 'virtual/block/loop1', number: '7:1', files: { 'loop/backing_file': '/nowhere (deleted)\n' } },
  { at: 'virtual/block/loop2', number: '7:2', files: { 'loop/backing_file': '/round/loop2.img\n' } },
];
const MOUNTS = parseMountinfo(`1 0 259:0 / / rw - ext4 /dev/root rw
2 1 252:0 / /space rw - ext4 /dev/mapper/space rw
3 1 0:40 / /pool rw - btrfs /dev/sdb2 rw
4 1 0:41 / /ram rw - tmpfs tmpfs rw
5 1 7:2 / /round rw - ext4 /dev/loop2 rw
`);

/** Makes a /sys of these devices. */
function makeSys(sys: string): void {
  for (const folder of ['class/block', 'dev/block']) mkdirSync(join(sys, folder), { recursive: true });
  for (const { at, number, files = {}, slaves = [] } of MACHINE) {
    const place = join(sys, 'devices', at);
    mkdirSync(join(place, 'slaves'), { recursive: true });
    for (const [name, text] of Object.entries({ uevent: `DEVNAME=${basename(at)}\n`, ...files })) {
      mkdirSync(dirname(join(place, name)), { recursive: true });
      writeFileSync(join(place, name), text);
    }
    for (const slave of slaves) symlinkSync(join(sys, 'class/block', slave), join(place, 'slaves', slave));
    symlinkSync(place, join(sys, 'class/block', basename(at)));
    symlinkSync(place, join(sys, 'dev/block', number));
  }
}

const cases: Readonly<Record<string, string>> = {
  sda1: 'WDC WD120EMFZ-11 (sda)',
  sdb1: 'USB 3.0 20TB Drive (sdb)',
  sdb2: 'USB 3.0 20TB Drive (sdb)',
  nvme0n1: 'nvme0n1',
  'dm-0': 'WDC WD120EMFZ-11 (sda)',
  'dm-1': 'USB 3.0 20TB Drive (sdb) + WDC WD120EMFZ-11 (sda)',
  md0: 'USB 3.0 20TB Drive (sdb) + nvme0n1',
  loop0: 'WDC WD120EMFZ-11 (sda)',
  loop1: 'nvme0n1',
  loop2: 'loop2',
  gone: 'gone',
};

test('the physical disks are found through partitions, encryption, volumes, mirrors and loop devices', async () => {
  await using folder = await tempFolder('sys');
  makeSys(folder.path);

  for (const [name, disk] of Object.entries(cases))
    assert.equal(await physicalDisk(name, { mounts: MOUNTS, sys: folder.path }), disk, name);
});

test('the device of a mount is found by its number, whatever stands as its source', async () => {
  await using folder = await tempFolder('sys');
  makeSys(folder.path);
  const found = await Promise.all(MOUNTS.map((mount) => blockDevice(mount, folder.path)));

  assert.deepEqual(
    found.map((device) => device?.node),
    ['/dev/nvme0n1', '/dev/dm-0', '/dev/sdb2', undefined, '/dev/loop2'],
  );
});

test('what this machine is on can be found', async () => {
  const own = parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  const onDisk = own.filter(({ device }: Mount) => !device.startsWith('0:'));

  for (const mount of onDisk) {
    const device = await blockDevice(mount);
    if (device === undefined) continue; // a container sees mounts of devices that it does not see
    assert.equal(
      realpathSync(`/sys/dev/block/${mount.device}`),
      realpathSync(`/sys/class/block/${device.name}`),
    );
    assert.notEqual(await physicalDisk(device.name, { mounts: own }), '');
  }
});
