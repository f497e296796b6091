import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import type { AdoptedDisk } from './adopted-disks.ts';
import { isFull } from './judge-disk.ts';
import { judgeVolume } from './judge-volume.ts';
import type { VolumeSeen } from './volume-seen.ts';
import { lookAtVolume } from './look-at-volume.ts';
import { SENTINEL_NAME, sentinelText, type Sentinel } from '../files/sentinel.ts';
import type { GuardParts } from './volume-guard.ts';

/** What adoption needs besides what guards need. */
export interface AdoptParts extends GuardParts {
  readonly remember: (name: string, disk: AdoptedDisk) => Promise<void>;
}

/**
 * Marks the disk that is now at a volume's mount point as that volume: writes its sentinel and remembers the id.
 * Only ever a person's decision. Refused while anything but the sentinel is wrong with it.
 */
export async function adoptVolume(
  name: string,
  volume: Volume,
  parts: AdoptParts,
): Promise<Fault | undefined> {
  const seen = await lookAtVolume(volume.mount, parts, { afresh: true });
  const id = (await parts.adopted()).get(name)?.id ?? ownId(name, seen, parts.host) ?? randomUUID();
  // Judged as if the sentinel were already right: whatever is still wrong then is wrong with the disk.
  const supposed = {
    ...seen,
    sentinel: { kind: 'read', value: { volume: name, id, host: parts.host }, stamp: '' },
  } as const;
  const verdict = judgeVolume({ name, volume, host: parts.host, adoptedId: id }, supposed);
  if (verdict.kind === 'failed') return verdict.fault;
  const other = somebodyElses(name, seen, parts.host);
  if (other !== undefined) {
    return {
      reason: 'SentinelWrong',
      message: `the disk at ${volume.mount} is already volume ${other.volume} of ${other.host}`,
      next: `if that is over, remove ${join(volume.mount, SENTINEL_NAME)} by hand and adopt again`,
    };
  }
  const text = sentinelText({ volume: name, id, host: parts.host });
  const unwritten = await writeSentinel(volume.mount, { text, device: verdict.device, root: parts.root });
  if (unwritten !== undefined) return unwritten;
  const uuid = seen.disk?.uuid;
  await parts.remember(name, uuid === undefined ? { id } : { id, uuid });
  return undefined;
}

/** What the disk says it is, when that is not this volume of this host. */
function somebodyElses(name: string, { sentinel }: VolumeSeen, host: string): Sentinel | undefined {
  if (sentinel.kind !== 'read') return undefined;
  const { value } = sentinel;
  return value.volume === name && value.host === host ? undefined : value;
}

/** The id that this host once gave this disk: kept when the state directory was lost, or a crash came in between. */
function ownId(name: string, seen: VolumeSeen, host: string): string | undefined {
  if (seen.sentinel.kind !== 'read') return undefined;
  const { value } = seen.sentinel;
  return value.volume === name && value.host === host ? value.id : undefined;
}

interface Written {
  readonly text: string;
  /** The disk that was judged. */
  readonly device: number;
  readonly root: string;
}

async function writeSentinel(mount: string, what: Written): Promise<Fault | undefined> {
  try {
    if (await replaceSentinel(join(what.root, mount), what)) return undefined;
    return { reason: 'NotMounted', message: `another disk came to ${mount} while it was being adopted` };
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    const message = `the sentinel could not be written to ${mount} (${code})`;
    if (isFull(code)) return { reason: 'NoSpace', message, next: `make room on ${mount}` };
    return {
      reason: code === 'EROFS' ? 'ReadOnly' : 'InputOutputError',
      message,
      next: 'look at the disk: dmesg',
    };
  }
}

/**
 * Beside, fsync, rename, fsync folder: a power cut leaves the old sentinel or the new one. All of it inside the one open
 * directory that was judged; false when that is not what stands there any more.
 */
async function replaceSentinel(folder: string, what: Written): Promise<boolean> {
  await using top = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  if ((await top.stat()).dev !== what.device) return false;
  const here = `/proc/self/fd/${top.fd}`;
  const beside = `${here}/${SENTINEL_NAME}.${randomUUID()}`;
  try {
    await using file = await open(
      beside,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o444,
    );
    await file.writeFile(what.text);
    await file.chmod(0o444); // whatever the umask took away
    await file.sync();
    await rename(beside, `${here}/${SENTINEL_NAME}`);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
  await top.sync();
  return true;
}
