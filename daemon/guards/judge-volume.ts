import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import type { Mount } from './mountinfo.ts';
import type { SentinelSeen } from '../files/read-sentinel.ts';
import { shellWord } from '../shell-word.ts';

/** What was seen of a volume on the host, before any judgement. */
export interface VolumeSeen {
  /** What lies at the mount point: nothing, something that is no directory, or a directory with its device number. */
  readonly top:
    | { readonly kind: 'absent' }
    | { readonly kind: 'not-a-directory' }
    | { readonly kind: 'unreadable'; readonly code: string }
    | { readonly kind: 'directory'; readonly device: number; readonly parentDevice: number };
  /** The sentinel there. */
  readonly sentinel: SentinelSeen;
  /** Only on a real root: what the kernel and the disk say of it. */
  readonly disk?: DiskSeen;
}

/** The disk's side of a volume. */
export interface DiskSeen {
  /** The mount at exactly that path in the host's own view; the last one made, which is the one that is seen. */
  readonly mount?: Mount;
  readonly uuid?: string;
  readonly label?: string;
  /** Errors the file system counted since it was last checked; absent where it does not count. */
  readonly errors?: number;
  readonly sizeBytes?: number;
  readonly freeBytes?: number;
}

/** What a volume must be. */
export interface VolumeWant {
  readonly name: string;
  readonly volume: Volume;
  readonly host: string;
  /** The id it was adopted with; absent when no person has adopted it. */
  readonly adoptedId?: string;
  /** Least free bytes for new data, as computed from `minFree`. */
  readonly minFreeBytes?: number;
}

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

function topFault({ name, volume }: VolumeWant, { top }: VolumeSeen): Fault | undefined {
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
        message: `${what}: ${volume.mount} cannot be read (${top.code})`,
        next: 'look at the disk: dmesg',
      };
    case 'directory':
      return undefined;
  }
}

function diskFault({ name, volume }: VolumeWant, { top, disk }: VolumeSeen): Fault | undefined {
  if (disk === undefined) return undefined;
  const what = `volume ${name}`;
  const { mount } = disk;
  if (
    mount === undefined ||
    mount.root !== '/' ||
    (top.kind === 'directory' && top.device === top.parentDevice)
  ) {
    return {
      reason: 'NotMounted',
      message: `${what}: nothing is mounted at ${volume.mount}; what is written there would land on another disk`,
      next: `mount ${shellWord(volume.mount)}`,
    };
  }
  const wrong = wrongIdentity(volume, mount, disk);
  if (wrong !== undefined) {
    return {
      reason: 'WrongIdentity',
      message: `${what}: ${wrong}`,
      next: `mount the right disk at ${volume.mount}`,
    };
  }
  if (mount.options.has('ro') || mount.options.has('emergency_ro')) {
    return {
      reason: 'ReadOnly',
      message: `${what}: ${volume.mount} is mounted read-only`,
      next: 'look for disk errors: dmesg',
    };
  }
  if (disk.errors !== undefined && disk.errors > 0) {
    return {
      reason: 'DiskErrors',
      message: `${what}: the file system on ${mount.source} counted ${disk.errors} errors`,
      next: `unmount it and run fsck ${mount.source}`,
    };
  }
  return undefined;
}

function wrongIdentity(volume: Volume, mount: Mount, disk: DiskSeen): string | undefined {
  if (volume.fstype !== undefined && mount.fstype !== volume.fstype) {
    return `${volume.mount} holds ${mount.fstype}, and ${volume.fstype} is declared`;
  }
  if (volume.uuid !== undefined && disk.uuid !== volume.uuid) {
    return `${mount.source} has the UUID ${disk.uuid ?? '(unknown)'}, and ${volume.uuid} is declared`;
  }
  if (volume.label !== undefined && disk.label !== volume.label) {
    return `${mount.source} has the label ${disk.label ?? '(unknown)'}, and ${volume.label} is declared`;
  }
  return undefined;
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
  if (want.minFreeBytes === undefined || disk?.freeBytes === undefined) return undefined;
  if (disk.freeBytes >= want.minFreeBytes) return undefined;
  // Not how much is free: that number changes with every file, and each change of a message is news to be published.
  return {
    reason: 'BelowMinimumFree',
    message: `volume ${want.name}: less than ${want.volume.minFree ?? ''} is free on ${want.volume.mount}, so nothing new is written there`,
    next: `make room on ${want.volume.mount}`,
  };
}
