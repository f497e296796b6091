import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blockDevice, SYSFS, type BlockDevice } from './block-device.ts';
import { footingOf, type DiskFacts, type GuardMemory } from './guard-memory.ts';
import { identifyDisk } from './identify-disk.ts';
import type { DiskSeen, VolumeSeen, WriteSeen } from './volume-seen.ts';
import { mountAt, parseMountinfo, type Mount } from './mountinfo.ts';
import { physicalDisk } from './physical-disk.ts';
import { PlaceWatch } from './place-watch.ts';

/** The mounts as this process sees them: where its own writes go. */
const OWN_MOUNTINFO = '/proc/self/mountinfo';

/** Where to look. */
export interface Lookout {
  /** Prefix of every host path. Only `/` is a real host, with disks to identify. */
  readonly root: string;
  /** The mounts as the host sees them: `/proc/1/mountinfo`, not a private namespace's. */
  readonly mountinfo: string;
  /** PATH for lsblk. */
  readonly path: string;
  readonly memory: GuardMemory;
}

/**
 * How long a disk may take to write one block. One that many others write to takes longer than to answer a look, and it
 * must not be called dead for that. Milliseconds.
 */
const WRITE_PATIENCE_MS = 120_000;

/** What of a volume is looked at, and how. */
export interface LookAsked {
  /** Believe nothing from an earlier look. */
  readonly afresh: boolean;
  /** The directory on the volume that somebody is about to use, as the state repo names it. */
  readonly path?: string;
}

/** One for the process, as a thread that a dead disk has taken is lost to all of it. */
const places = new PlaceWatch();
/** Its own thread, so that no look waits for a write. */
const writes = new PlaceWatch(WRITE_PATIENCE_MS);

/**
 * Looks at one volume: its mount point, its sentinel and then, on a real host, its disk. Changes nothing. In this order:
 * whoever writes later asks for the very sentinel seen here, so a disk that comes between the two is not written to. One that does not
 * answer is as good as unreadable, and holds up no other.
 */
export async function lookAtVolume(
  mountPoint: string,
  lookout: Lookout,
  { afresh, path = mountPoint }: LookAsked,
): Promise<VolumeSeen> {
  const names = path
    .slice(mountPoint.length)
    .split('/')
    .filter((name) => name !== '');
  const { space, ...place } = await places.look(join(lookout.root, mountPoint), names);
  const { top, sentinel } = place;
  if (top.kind !== 'directory' || lookout.root !== '/') return place;
  try {
    const [host, own] = await Promise.all([lookout.mountinfo, OWN_MOUNTINFO].map(readMounts));
    const mount = mountAt(mountPoint, host ?? []);
    if (mount === undefined) return { ...place, disk: {} };
    const isHidden = !isSame(mount, mountAt(mountPoint, own ?? []));
    const disk: DiskSeen = { mount, isHidden, ...space };
    const look = { ...lookout, afresh, mounts: host ?? [] };
    return { ...place, disk: { ...disk, ...(await lookAtDisk({ top, sentinel, disk }, mount, look)) } };
  } catch (error) {
    // A disk that dies while it is looked at is that volume's fault alone; the others are judged all the same.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { top: { kind: 'unreadable', code }, sentinel };
  }
}

/**
 * Writes a few bytes to the disk that a look has found, and to no other, and takes them away again: some disks look healthy
 * until then. Only ever where something is about to be written anyway, so that it wakes no sleeping disk.
 */
export function writeToVolume(
  mountPoint: string,
  { top, sentinel }: VolumeSeen,
  { root }: Lookout,
): Promise<WriteSeen> {
  if (top.kind !== 'directory' || sentinel.kind !== 'read') return Promise.resolve({ kind: 'gone' });
  return writes.write(join(root, mountPoint), { device: top.device, sentinel: sentinel.stamp });
}

async function readMounts(file: string): Promise<readonly Mount[]> {
  return parseMountinfo(await readFile(file, 'utf8'));
}

function isSame(one: Mount, other: Mount | undefined): boolean {
  return one.device === other?.device && one.root === other.root;
}

interface DiskLook extends Lookout {
  readonly afresh: boolean;
  readonly mounts: readonly Mount[];
}

async function lookAtDisk(seen: VolumeSeen, mount: Mount, look: DiskLook): Promise<Partial<DiskSeen>> {
  const device = await blockDevice(mount);
  if (device === undefined) return {};
  const [facts, errors] = await Promise.all([factsOf(seen, device, look), countErrors(mount, device)]);
  return { ...facts, ...(errors === undefined ? {} : { errors }) };
}

async function factsOf(seen: VolumeSeen, device: BlockDevice, look: DiskLook): Promise<DiskFacts> {
  const footing = footingOf(seen);
  const place = seen.disk?.mount?.mountPoint ?? '';
  const known = look.afresh ? undefined : look.memory.factsOf(place, footing);
  if (known !== undefined) return known;
  const [names, physical] = await Promise.all([
    identifyDisk(device.node, look.path),
    physicalDisk(device.name, look),
  ]);
  const facts = { ...names, physical };
  look.memory.learn(place, footing, facts);
  return facts;
}

/** ext4's own count of errors since the last fsck; since Linux 6.12 an errored mount may still look writable. */
async function countErrors(mount: Mount, device: BlockDevice): Promise<number | undefined> {
  if (!mount.fstype.startsWith('ext')) return undefined;
  try {
    return Number.parseInt(await readFile(`${SYSFS}/fs/ext4/${device.name}/errors_count`, 'utf8'), 10);
  } catch {
    return undefined; // ext2 and ext3 drivers, or no such file in this kernel
  }
}
