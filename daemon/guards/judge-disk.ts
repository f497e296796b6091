import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { Fault } from '../errors.ts';
import { shellWord } from '../shell-word.ts';
import type { Mount } from './mountinfo.ts';
import type { DiskSeen, VolumeSeen } from './volume-seen.ts';
import type { VolumeWant } from './volume-want.ts';

/** Options that tell of a file system that takes no writes; it may still say `rw` beside them. */
const NOT_WRITABLE = ['ro', 'emergency_ro', 'shutdown'] as const;

/** What is wrong with the disk of a volume: its mount, its identity, its health. Nothing where there is no disk. Pure. */
export function diskFault(want: VolumeWant, seen: VolumeSeen): Fault | undefined {
  const { disk } = seen;
  if (disk === undefined) return undefined;
  const fault = mountFault(want, seen, disk);
  if (fault !== undefined || disk.mount === undefined) return fault;
  return wrongIdentity(want, disk.mount, disk) ?? unhealthy(want, disk.mount, disk) ?? writeFault(want, disk);
}

/** Whether an error code says that a disk is full, which is no fault of the disk. Pure. */
export function isFull(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

function mountFault({ name, volume }: VolumeWant, { top }: VolumeSeen, disk: DiskSeen): Fault | undefined {
  const at = volume.mount;
  const next = `mount ${shellWord(at)}`;
  if (top.kind !== 'directory') return undefined;
  if (disk.mount !== undefined && disk.isHidden === true) {
    return notMounted(
      `volume ${name}: the host has a disk mounted at ${at} that anchord does not see, because it runs in a mount namespace of its own`,
      'take PrivateMounts=, ProtectSystem= and the like out of its unit, and restart it',
    );
  }
  const elsewhere = 'what is written there would land on another disk';
  if (disk.mount === undefined || top.device === top.parentDevice)
    return notMounted(`volume ${name}: nothing is mounted at ${at}; ${elsewhere}`, next);
  if (disk.mount.root !== '/')
    return notMounted(`volume ${name}: a folder is mounted at ${at}, not a disk; ${elsewhere}`, next);
  if (isCovered(disk.mount, top.device)) {
    return notMounted(
      `volume ${name}: what is mounted above ${at} covers the disk that is mounted at it`,
      `findmnt --target ${shellWord(at)}`,
    );
  }
  return undefined;
}

function notMounted(message: string, next: string): Fault {
  return { reason: 'NotMounted', message, next };
}

/** File systems that number their parts themselves have the major number 0; of those the numbers say nothing. */
function isCovered({ device }: Mount, seen: number): boolean {
  const [major = 0, minor = 0] = device.split(':').map(Number);
  return major !== 0 && deviceNumber(major, minor) !== seen;
}

/** As stat(2) gives it, see makedev(3). Not by bits, which are 32 in JavaScript. */
function deviceNumber(major: number, minor: number): number {
  return (minor % 256) + (major % 4096) * 2 ** 8 + Math.floor(minor / 256) * 2 ** 20;
}

function wrongIdentity(want: VolumeWant, mount: Mount, disk: DiskSeen): Fault | undefined {
  const { name, volume, adoptedUuid } = want;
  const declared = notAsDeclared(volume, mount, disk);
  if (declared !== undefined) {
    return {
      reason: 'WrongIdentity',
      message: `volume ${name}: ${declared}`,
      next: `mount the right disk at ${volume.mount}`,
    };
  }
  if (adoptedUuid === undefined || isSameUuid(adoptedUuid, disk.uuid)) return undefined;
  return {
    reason: 'WrongIdentity',
    message: `volume ${name}: ${mount.source} has the UUID ${disk.uuid ?? '(unknown)'}, and the disk that was adopted has ${adoptedUuid}`,
    next: `mount the right disk at ${volume.mount}; if it is the right one: anchord volume adopt ${name}`,
  };
}

function notAsDeclared(volume: Volume, mount: Mount, disk: DiskSeen): string | undefined {
  if (volume.fstype !== undefined && mount.fstype !== volume.fstype) {
    return `${volume.mount} holds ${mount.fstype}, and ${volume.fstype} is declared`;
  }
  if (volume.uuid !== undefined && !isSameUuid(volume.uuid, disk.uuid)) {
    return `${mount.source} has the UUID ${disk.uuid ?? '(unknown)'}, and ${volume.uuid} is declared`;
  }
  if (volume.label !== undefined && disk.label !== volume.label) {
    return `${mount.source} has the label ${disk.label ?? '(unknown)'}, and ${volume.label} is declared`;
  }
  return undefined;
}

function isSameUuid(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

function unhealthy({ name, volume }: VolumeWant, mount: Mount, disk: DiskSeen): Fault | undefined {
  const what = `volume ${name}`;
  if (disk.errors !== undefined && disk.errors > 0) {
    // Not how many: a dying disk counts on, and each change of a message is news to be published.
    return {
      reason: 'DiskErrors',
      message: `${what}: the file system on ${mount.source} has counted errors since it was last checked`,
      next: `unmount it and run fsck ${shellWord(mount.source)}`,
    };
  }
  if (!NOT_WRITABLE.some((option) => mount.options.has(option))) return undefined;
  const how = mount.options.has('ro') ? 'is mounted read-only' : 'was made read-only by the kernel';
  return {
    reason: 'ReadOnly',
    message: `${what}: ${volume.mount} ${how}`,
    next: 'look for disk errors: dmesg',
  };
}

/** What only an attempt to write has shown. */
function writeFault({ name, volume }: VolumeWant, { write }: DiskSeen): Fault | undefined {
  if (write === undefined || write.kind === 'written') return undefined;
  const what = `volume ${name}: ${volume.mount}`;
  if (write.kind === 'gone')
    return notMounted(`${what} changed while it was looked at`, 'anchord volume list');
  const { code } = write;
  if (isFull(code)) return undefined;
  if (code === 'ETIMEDOUT') {
    return {
      reason: 'InputOutputError',
      message: `${what} does not answer`,
      next: 'look at the disk: dmesg',
    };
  }
  return {
    reason: code === 'EROFS' ? 'ReadOnly' : 'DiskErrors',
    message: `${what} cannot be written to (${code})`,
    next: 'look for disk errors: dmesg',
  };
}
