import type { Fault } from '../errors.ts';
import { diskFault, isFull } from './judge-disk.ts';
import type { VolumeSeen } from './volume-seen.ts';
import type { VolumeWant } from './volume-want.ts';

/** `passed`: usable. `full`: may be read and served, but nothing new is written. `failed`: not to be touched. */
export type GuardVerdict =
  | { readonly kind: 'passed'; readonly device: number }
  | { readonly kind: 'full'; readonly device: number; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Judges a volume. Pure: everything it needs was looked at before. */
export function judgeVolume(want: VolumeWant, seen: VolumeSeen): GuardVerdict {
  const fault = topFault(want, seen) ?? diskFault(want, seen) ?? sentinelFault(want, seen);
  if (fault !== undefined) return { kind: 'failed', fault };
  if (seen.top.kind !== 'directory') throw new Error('Internal error: a volume passed that is no directory');
  const full = spaceFault(want, seen);
  return full === undefined
    ? { kind: 'passed', device: seen.top.device }
    : { kind: 'full', device: seen.top.device, fault: full };
}

function topFault({ name, volume }: VolumeWant, { top, inside }: VolumeSeen): Fault | undefined {
  const what = `volume ${name}`;
  switch (top.kind) {
    case 'absent':
      return {
        reason: 'NotMounted',
        message: `${what}: there is no ${volume.mount}`,
        next: `mount the disk at ${volume.mount}`,
      };
    case 'not-a-directory':
      return {
        reason: 'NotADirectory',
        message: `${what}: ${volume.mount} is not a directory`,
        next: `look at what ${volume.mount} is`,
      };
    case 'unreadable':
      return {
        reason: 'InputOutputError',
        message: `${what}: ${volume.mount} ${top.code === 'ETIMEDOUT' ? 'does not answer' : `cannot be read (${top.code})`}`,
        next: 'look at the disk: dmesg',
      };
    case 'directory':
      if (inside === undefined) return undefined;
      return {
        reason: 'InputOutputError',
        message: `${what}: what is on ${volume.mount} cannot be read (${inside})`,
        next: 'look at the disk: dmesg',
      };
  }
}

function sentinelFault(want: VolumeWant, { sentinel }: VolumeSeen): Fault | undefined {
  const what = `volume ${want.name}`;
  const adopt = `anchord volume adopt ${want.name}`;
  if (want.adoptedId === undefined) {
    return {
      reason: 'NotAdopted',
      message: `${what} was never adopted on this host, so nothing tells its disk from a bare mount point`,
      next: `check that the right disk is at ${want.volume.mount}, then: ${adopt}`,
    };
  }
  switch (sentinel.kind) {
    case 'absent':
      return {
        reason: 'SentinelMissing',
        message: `${what}: ${want.volume.mount}/.anchord-volume is missing: another disk, a bare mount point, or somebody removed it`,
        next: `mount the right disk; if it is the right one: ${adopt}`,
      };
    case 'unreadable':
      return {
        reason: 'SentinelWrong',
        message: `${what}: ${want.volume.mount}/.anchord-volume cannot be read as a sentinel`,
        next: `if it is the right disk: ${adopt}`,
      };
    case 'read': {
      const { value } = sentinel;
      if (value.id === want.adoptedId && value.volume === want.name && value.host === want.host)
        return undefined;
      return {
        reason: 'SentinelWrong',
        message: `${what}: the disk at ${want.volume.mount} says it is ${value.volume} of ${value.host} (${value.id}), and ${want.adoptedId} was adopted`,
        next: `mount the right disk at ${want.volume.mount}`,
      };
    }
  }
}

function spaceFault(want: VolumeWant, { disk }: VolumeSeen): Fault | undefined {
  const { mount, minFree = '' } = want.volume;
  const next = `make room on ${mount}`;
  if (disk?.write?.kind === 'refused' && isFull(disk.write.code)) {
    return {
      reason: 'BelowMinimumFree',
      message: `volume ${want.name}: nothing at all is free on ${mount}, so nothing new is written there`,
      next,
    };
  }
  if (want.minFreeBytes === undefined || disk?.freeBytes === undefined) return undefined;
  if (disk.freeBytes >= want.minFreeBytes) return undefined;
  // Not how much is free: that number changes with every file, and each change of a message is news to be published.
  return {
    reason: 'BelowMinimumFree',
    message: `volume ${want.name}: less than ${minFree} is free on ${mount}, so nothing new is written there`,
    next,
  };
}
