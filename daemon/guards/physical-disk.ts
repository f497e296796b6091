import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { blockDevice, SYSFS } from './block-device.ts';
import { mountAt, type Mount } from './mountinfo.ts';

/** Where to look for what a device is made of. */
export interface DiskSurroundings {
  /** Every mount: a loop device lies on the disk that its file lies on. */
  readonly mounts: readonly Mount[];
  /** Default: /sys. */
  readonly sys?: string;
}

/**
 * The physical disks under a block device, through partitions, dm-crypt, LVM, md and loop devices: `WDC WD120EMFZ (sda)`,
 * several with ` + ` between them. Volumes that name the same one fail together. Reads only what the kernel knows, so no
 * disk wakes.
 */
export async function physicalDisk(name: string, around: DiskSurroundings): Promise<string> {
  const words = new Set<string>();
  await walk(name, { ...around, words, seen: new Set() });
  // Made of itself it can only be while it is taken apart.
  return words.size === 0 ? name : [...words].toSorted().join(' + ');
}

interface Walk extends DiskSurroundings {
  readonly words: Set<string>;
  readonly seen: Set<string>;
}

async function walk(name: string, way: Walk): Promise<void> {
  if (way.seen.has(name)) return;
  way.seen.add(name);
  const place = await realpath(`${way.sys ?? SYSFS}/class/block/${name}`).catch(() => undefined);
  const below = place === undefined ? [] : await devicesBelow(place, way);
  for (const one of below) await walk(one, way);
  if (below.length === 0) way.words.add(await diskWord(name, place));
}

/** What a device is made of, one step down; nothing of a whole disk. */
async function devicesBelow(place: string, way: Walk): Promise<readonly string[]> {
  if ((await textOf(`${place}/partition`)) !== undefined) return [basename(dirname(place))];
  const slaves = await readdir(`${place}/slaves`).catch(() => []);
  if (slaves.length > 0) return slaves;
  const backing = await textOf(`${place}/loop/backing_file`);
  const mount = backing === undefined ? undefined : mountAbove(backing, way.mounts);
  const device = mount === undefined ? undefined : await blockDevice(mount, way.sys);
  return device === undefined ? [] : [device.name];
}

/** The mount that a file lies in. */
function mountAbove(file: string, mounts: readonly Mount[]): Mount | undefined {
  for (let place = dirname(file); ; place = dirname(place)) {
    const mount = mountAt(place, mounts);
    if (mount !== undefined || place === '/' || place === '.') return mount;
  }
}

/** The model is what is printed on the disk; the kernel's name tells two of one model apart. */
async function diskWord(name: string, place: string | undefined): Promise<string> {
  const model = place === undefined ? undefined : await textOf(`${place}/device/model`);
  const words = (model ?? '')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/ +/g, ' ')
    .trim();
  return words === '' ? name : `${words} (${name})`;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replace(/\n$/, '');
  } catch {
    return undefined; // not that kind of device
  }
}
