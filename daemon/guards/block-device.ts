import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Mount } from './mountinfo.ts';

/** Where the kernel shows its devices. */
export const SYSFS = '/sys';

/** The block device that a mounted file system is on. */
export interface BlockDevice {
  /** As the kernel calls it: sda1, dm-0, loop3. */
  readonly name: string;
  /** Where programs find it: /dev/sda1. */
  readonly node: string;
}

/**
 * The device behind a mount, by its number, for what stands as its source in the list of mounts is whatever somebody typed.
 * Undefined where none is behind it. Of a file system over several devices (major number 0), the one that it was mounted by.
 */
export async function blockDevice(mount: Mount, sys: string = SYSFS): Promise<BlockDevice | undefined> {
  const place = mount.device.startsWith('0:')
    ? await classPlace(mount.source, sys)
    : `${sys}/dev/block/${mount.device}`;
  if (place === undefined) return undefined;
  try {
    const [name, uevent] = await Promise.all([realpath(place), readFile(`${place}/uevent`, 'utf8')]);
    const node = /^DEVNAME=(.+)$/m.exec(uevent)?.[1] ?? basename(name);
    return { name: basename(name), node: `/dev/${node}` };
  } catch {
    return undefined; // taken out, or no sysfs here
  }
}

async function classPlace(source: string, sys: string): Promise<string | undefined> {
  if (!source.startsWith('/dev/')) return undefined;
  const node = await realpath(source).catch(() => source);
  return `${sys}/class/block/${basename(node)}`;
}
