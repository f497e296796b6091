import type { Volume } from '../../state-schema/generated/state-file.ts';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { judgeVolume, type GuardVerdict, type VolumeSeen } from './judge-volume.ts';
import { lookAtVolume, type Lookout } from './look-at-volume.ts';

/** What guards need: where to look, whose host it is, and which ids were adopted. */
export interface GuardParts extends Lookout {
  readonly host: string;
  readonly adopted: () => Promise<ReadonlyMap<string, string>>;
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
): Promise<readonly GuardedVolume[]> {
  const adopted = await parts.adopted();
  return Promise.all(
    Object.entries(volumes).map(async ([name, volume]) => {
      const seen = await lookAtVolume(volume.mount, parts);
      const adoptedId = adopted.get(name);
      const minFreeBytes = minimumFree(volume, seen);
      const want = {
        name,
        volume,
        host: parts.host,
        ...(adoptedId === undefined ? {} : { adoptedId }),
        ...(minFreeBytes === undefined ? {} : { minFreeBytes }),
      };
      return { name, volume, seen, verdict: judgeVolume(want, seen) };
    }),
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

function minimumFree(volume: Volume, seen: VolumeSeen): number | undefined {
  if (volume.minFree === undefined) return undefined;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(volume.minFree)?.[1];
  if (percent === undefined) return parseSizeBytes(volume.minFree);
  return seen.disk?.sizeBytes === undefined ? undefined : (seen.disk.sizeBytes * Number(percent)) / 100;
}
