import { constants } from 'node:fs';
import { lstat, open, readFile, realpath, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from '../process/run.ts';
import type { DiskSeen, VolumeSeen } from './judge-volume.ts';
import { parseMountinfo, type Mount } from './mountinfo.ts';
import { parseSentinel, SENTINEL_LIMIT, SENTINEL_NAME } from '../files/sentinel.ts';

/** Where to look. */
export interface Lookout {
  /** Prefix of every host path. Only `/` is a real host, with disks to identify. */
  readonly root: string;
  /** The mounts as the host sees them: `/proc/1/mountinfo`, not a private namespace's. */
  readonly mountinfo: string;
  /** PATH for lsblk. */
  readonly path: string;
}

/** How long a disk may take to answer; one that spins up needs about ten seconds. Milliseconds. */
const PATIENCE_MS = 30_000;

/** Looks at one volume; one that does not answer is as good as unreadable, and holds up no other. */
export async function lookAtVolume(mountPoint: string, lookout: Lookout): Promise<VolumeSeen> {
  const hurry = new AbortController();
  const silent = pause(PATIENCE_MS, SILENT, { signal: hurry.signal, ref: false });
  try {
    return await Promise.race([lookAt(mountPoint, lookout), silent]);
  } finally {
    hurry.abort();
    silent.catch(() => undefined);
  }
}

const SILENT: VolumeSeen = { top: { kind: 'unreadable', code: 'ETIMEDOUT' }, sentinel: { kind: 'absent' } };

/** Looks at one volume: its mount point, its sentinel and, on a real host, its disk. Changes nothing. */
async function lookAt(mountPoint: string, lookout: Lookout): Promise<VolumeSeen> {
  const place = join(lookout.root, mountPoint);
  const top = await lookAtTop(place);
  if (top.kind !== 'directory') return { top, sentinel: { kind: 'absent' } };
  const sentinel = await readSentinel(place);
  if (lookout.root !== '/') return { top, sentinel };
  try {
    return { top, sentinel, disk: await lookAtDisk(mountPoint, lookout) };
  } catch (error) {
    // A disk that dies while it is looked at is that volume's fault alone; the others are judged all the same.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { top: { kind: 'unreadable', code }, sentinel };
  }
}

async function lookAtTop(place: string): Promise<VolumeSeen['top']> {
  try {
    const stats = await lstat(place);
    if (!stats.isDirectory()) return { kind: 'not-a-directory' };
    return { kind: 'directory', device: stats.dev, parentDevice: (await lstat(dirname(place))).dev };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable', code };
  }
}

async function readSentinel(place: string): Promise<VolumeSeen['sentinel']> {
  try {
    // Never through a link and never waiting: whoever can write to the volume's top could plant a pipe.
    await using file = await open(
      join(place, SENTINEL_NAME),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > SENTINEL_LIMIT) return { kind: 'unreadable' };
    const value = parseSentinel(await file.readFile('utf8'));
    return value === undefined ? { kind: 'unreadable' } : { kind: 'read', value };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unreadable' };
  }
}

async function lookAtDisk(mountPoint: string, lookout: Lookout): Promise<DiskSeen> {
  const mount = parseMountinfo(await readFile(lookout.mountinfo, 'utf8')).findLast(
    (one) => one.mountPoint === mountPoint,
  );
  if (mount === undefined) return {};
  const [names, errors, space] = await Promise.all([
    identify(mount, lookout),
    countErrors(mount),
    statfs(mountPoint),
  ]);
  return {
    mount,
    ...names,
    ...(errors === undefined ? {} : { errors }),
    sizeBytes: space.bsize * space.blocks,
    freeBytes: space.bsize * space.bavail,
  };
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
