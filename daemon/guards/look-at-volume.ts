import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process/run.ts';
import type { DiskSeen, VolumeSeen } from './judge-volume.ts';
import { mountAt, parseMountinfo, type Mount } from './mountinfo.ts';
import { PlaceWatch } from './place-watch.ts';

/** Where to look. */
export interface Lookout {
  /** Prefix of every host path. Only `/` is a real host, with disks to identify. */
  readonly root: string;
  /** The mounts as the host sees them: `/proc/1/mountinfo`, not a private namespace's. */
  readonly mountinfo: string;
  /** PATH for lsblk. */
  readonly path: string;
}

/** One for the process, as a thread that a dead disk has taken is lost to all of it. */
const places = new PlaceWatch();

/**
 * Looks at one volume: its mount point, its sentinel and then, on a real host, its disk. Changes nothing. In this order:
 * whoever writes later asks for the very sentinel seen here, so a disk that comes between the two is not written to. One that does not
 * answer is as good as unreadable, and holds up no other.
 */
export async function lookAtVolume(mountPoint: string, lookout: Lookout): Promise<VolumeSeen> {
  const { top, sentinel, space } = await places.look(join(lookout.root, mountPoint));
  if (top.kind !== 'directory' || lookout.root !== '/') return { top, sentinel };
  try {
    const disk = await lookAtDisk(mountPoint, lookout);
    return { top, sentinel, disk: disk.mount === undefined ? disk : { ...disk, ...space } };
  } catch (error) {
    // A disk that dies while it is looked at is that volume's fault alone; the others are judged all the same.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { top: { kind: 'unreadable', code }, sentinel };
  }
}

async function lookAtDisk(mountPoint: string, lookout: Lookout): Promise<DiskSeen> {
  const mount = mountAt(mountPoint, parseMountinfo(await readFile(lookout.mountinfo, 'utf8')));
  if (mount === undefined) return {};
  const [names, errors] = await Promise.all([identify(mount, lookout), countErrors(mount)]);
  return { mount, ...names, ...(errors === undefined ? {} : { errors }) };
}

type Names = Pick<DiskSeen, 'uuid' | 'label'>;

/**
 * What the file system calls itself. udev's database comes first, so that a look does not wake a sleeping disk; where
 * there is no udev (a container), the disk itself is read. Empty for what is no block device.
 */
async function identify(mount: Mount, { path }: Lookout): Promise<Names> {
  const known = await askUdev(mount, path);
  return known.uuid === undefined && known.label === undefined ? probe(mount, path) : known;
}

async function askUdev(mount: Mount, path: string): Promise<Names> {
  const result = await run({
    program: 'lsblk',
    args: ['--json', '--nodeps', '--output', 'UUID,LABEL', '--', mount.source],
    env: { PATH: path, LC_ALL: 'C' },
    timeoutMs: 10_000,
  });
  if (result.code !== 0) return {};
  const { blockdevices } = JSON.parse(result.stdout) as {
    readonly blockdevices: readonly { readonly uuid: string | null; readonly label: string | null }[];
  };
  const { uuid, label } = blockdevices[0] ?? { uuid: null, label: null };
  return { ...(uuid === null ? {} : { uuid }), ...(label === null ? {} : { label }) };
}

async function probe(mount: Mount, path: string): Promise<Names> {
  const [uuid, label] = await Promise.all(['UUID', 'LABEL'].map((tag) => probeFor(tag, mount, path)));
  return { ...(uuid === undefined ? {} : { uuid }), ...(label === undefined ? {} : { label }) };
}

async function probeFor(tag: string, mount: Mount, path: string): Promise<string | undefined> {
  if (!mount.source.startsWith('/')) return undefined;
  const result = await run({
    program: 'blkid',
    args: ['--probe', '--usages', 'filesystem', '--match-tag', tag, '--output', 'value', mount.source],
    env: { PATH: path, LC_ALL: 'C' },
    timeoutMs: 10_000,
  });
  const value = result.stdout.replace(/\n$/, '');
  return result.code === 0 && value !== '' ? value : undefined;
}

/** ext4's own count of errors since the last fsck; since Linux 6.12 an errored mount may still look writable. */
async function countErrors(mount: Mount): Promise<number | undefined> {
  if (!mount.fstype.startsWith('ext')) return undefined;
  try {
    const device = (await realpath(mount.source)).split('/').at(-1) ?? '';
    return Number.parseInt(await readFile(`/sys/fs/ext4/${device}/errors_count`, 'utf8'), 10);
  } catch {
    return undefined; // ext2 and ext3 drivers, or no such file in this kernel
  }
}
