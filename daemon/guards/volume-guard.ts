import type { Volume } from '../../state-schema/generated/state-file.ts';
import { parseSizeBytes } from '../../state-schema/units.ts';
import type { AdoptedDisk } from './adopted-disks.ts';
import { footingOf } from './guard-memory.ts';
import type { GuardUse } from './guard-use.ts';
import { judgeVolume, type GuardVerdict } from './judge-volume.ts';
import { lookAtVolume, writeToVolume, type Lookout } from './look-at-volume.ts';
import type { VolumeSeen, WriteSeen } from './volume-seen.ts';
import type { VolumeWant } from './volume-want.ts';

/** A volume that was full is full until this much more than its minimum is free: at the edge, not news each minute. Share of its size. */
const ROOM_ABOVE_MINIMUM = 0.01;

/** What guards need: where to look, whose host it is, and which disks were adopted. */
export interface GuardParts extends Lookout {
  readonly host: string;
  readonly adopted: () => Promise<ReadonlyMap<string, AdoptedDisk>>;
  /** Whether a look may write a few bytes to a disk that was just mounted, or that could not be written to. Only where it is remembered. */
  readonly mayWrite?: boolean;
}

/** What is about to be done with a volume. */
export interface GuardedUse {
  readonly use: GuardUse;
  /** The directory on it that it is about, as the state repo names it. Default: its top. */
  readonly path?: string;
}

/** A volume with its verdict. */
export interface GuardedVolume {
  readonly name: string;
  readonly volume: Volume;
  readonly verdict: GuardVerdict;
  readonly seen: VolumeSeen;
}

/** Looks at every volume and judges it. */
export async function guardVolumes(
  volumes: Readonly<Record<string, Volume>>,
  parts: GuardParts,
  { use, path }: GuardedUse = { use: 'read' },
): Promise<readonly GuardedVolume[]> {
  const adopted = await parts.adopted();
  return Promise.all(
    Object.entries(volumes).map(([name, volume]) =>
      guardOne({ name, volume, use, path, disk: adopted.get(name) }, parts),
    ),
  );
}

/** The volume a host path lies on: the one with the longest mount point above it. */
export function volumeOf(
  path: string,
  volumes: Readonly<Record<string, Volume>>,
): { readonly name: string; readonly volume: Volume } | undefined {
  let best: { readonly name: string; readonly volume: Volume } | undefined;
  for (const [name, volume] of Object.entries(volumes)) {
    const above = path === volume.mount || path.startsWith(`${volume.mount}/`);
    if (above && (best === undefined || volume.mount.length > best.volume.mount.length))
      best = { name, volume };
  }
  return best;
}

interface Question {
  readonly name: string;
  readonly volume: Volume;
  readonly use: GuardUse;
  readonly path: string | undefined;
  readonly disk: AdoptedDisk | undefined;
}

async function guardOne(question: Question, parts: GuardParts): Promise<GuardedVolume> {
  const { name, volume, use, path = volume.mount } = question;
  const seen = await lookAtVolume(volume.mount, parts, { afresh: use === 'delete', path });
  const want = wantOf(question, seen, parts);
  const first = judgeVolume(want, seen);
  // Nothing is ever written to a disk that is not the right one.
  const write = first.kind === 'failed' ? undefined : await writeSeen(question, seen, parts);
  const all =
    write === undefined || seen.disk === undefined ? seen : { ...seen, disk: { ...seen.disk, write } };
  const verdict = write === undefined ? first : judgeVolume(want, all);
  if (verdict.kind !== 'failed') parts.memory.setFull(volume.mount, verdict.kind === 'full');
  return { name, volume, verdict, seen: all };
}

function wantOf({ name, volume, disk }: Question, seen: VolumeSeen, parts: GuardParts): VolumeWant {
  const minFreeBytes = minimumFree(volume, seen, parts);
  return {
    name,
    volume,
    host: parts.host,
    ...(disk === undefined ? {} : { adoptedId: disk.id }),
    ...(disk?.uuid === undefined ? {} : { adoptedUuid: disk.uuid }),
    ...(minFreeBytes === undefined ? {} : { minFreeBytes }),
  };
}

/**
 * Whether the disk takes a write. It is tried before something new is written there, once for each mount, and while it
 * last failed; otherwise the last answer counts. So a disk that nobody uses sleeps on.
 */
async function writeSeen(
  { volume: { mount }, use }: Question,
  seen: VolumeSeen,
  parts: GuardParts,
): Promise<WriteSeen | undefined> {
  const footing = footingOf(seen);
  if (footing === undefined) return undefined;
  const last = parts.memory.writeOf(mount, footing);
  const isDue = use === 'write' || (parts.mayWrite === true && last?.kind !== 'written');
  if (!isDue) return last;
  const write = await writeToVolume(mount, seen, parts);
  parts.memory.wrote(mount, footing, write);
  return write;
}

function minimumFree(volume: Volume, seen: VolumeSeen, { memory }: GuardParts): number | undefined {
  if (volume.minFree === undefined) return undefined;
  const size = seen.disk?.sizeBytes;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(volume.minFree)?.[1];
  if (percent !== undefined && size === undefined) return undefined;
  const least =
    percent === undefined ? parseSizeBytes(volume.minFree) : ((size ?? 0) * Number(percent)) / 100;
  return memory.wasFull(volume.mount) ? least + (size ?? 0) * ROOM_ABOVE_MINIMUM : least;
}
