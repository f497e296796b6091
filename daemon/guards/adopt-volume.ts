import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { judgeVolume, type VolumeSeen } from './judge-volume.ts';
import { lookAtVolume } from './look-at-volume.ts';
import { SENTINEL_NAME, sentinelText } from './sentinel.ts';
import type { GuardParts } from './volume-guard.ts';

/** What adoption needs besides what guards need. */
export interface AdoptParts extends GuardParts {
  readonly remember: (name: string, id: string) => Promise<void>;
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
  const seen = await lookAtVolume(volume.mount, parts);
  const id = (await parts.adopted()).get(name) ?? ownId(name, seen, parts.host) ?? randomUUID();
  // Judged as if the sentinel were already right: whatever is still wrong then is wrong with the disk.
  const supposed = {
    ...seen,
    sentinel: { kind: 'read', value: { volume: name, id, host: parts.host } },
  } as const;
  const verdict = judgeVolume({ name, volume, host: parts.host, adoptedId: id }, supposed);
  if (verdict.kind === 'failed') return verdict.fault;
  if (seen.sentinel.kind === 'read' && seen.sentinel.value.id !== id && seen.sentinel.value.volume !== name) {
    return {
      reason: 'SentinelWrong',
      message: `the disk at ${volume.mount} is already volume ${seen.sentinel.value.volume} of ${seen.sentinel.value.host}`,
      next: `if that is over, remove ${join(volume.mount, SENTINEL_NAME)} by hand and adopt again`,
    };
  }
  await writeSentinel(join(parts.root, volume.mount), sentinelText({ volume: name, id, host: parts.host }));
  await parts.remember(name, id);
  return undefined;
}

/** The id that this host once gave this disk: kept when the state directory was lost, or a crash came in between. */
function ownId(name: string, seen: VolumeSeen, host: string): string | undefined {
  if (seen.sentinel.kind !== 'read') return undefined;
  const { value } = seen.sentinel;
  return value.volume === name && value.host === host ? value.id : undefined;
}

/** Beside, fsync, rename, fsync folder: a power cut leaves the old sentinel or the new one. */
async function writeSentinel(folder: string, text: string): Promise<void> {
  const beside = join(folder, `${SENTINEL_NAME}.${randomUUID()}`);
  try {
    await using file = await open(
      beside,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o444,
    );
    await file.writeFile(text);
    await file.sync();
    await rename(beside, join(folder, SENTINEL_NAME));
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
  await using top = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  await top.sync();
}
