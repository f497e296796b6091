import type { VolumeStatus } from '../../state-schema/generated/status.ts';
import { faultText } from '../fault-text.ts';
import type { GuardedVolume } from '../guards/volume-guard.ts';
import type { DiskSeen } from '../guards/volume-seen.ts';

/** A volume as a status tells of it. Pure. */
export function volumeStatus({ name, volume, verdict, seen }: GuardedVolume): VolumeStatus {
  const { disk } = seen;
  return {
    name,
    mount: volume.mount,
    guard: verdict.kind,
    reason: verdict.kind === 'passed' ? 'GuardsPassed' : verdict.fault.reason,
    message: verdict.kind === 'passed' ? passedWords(disk) : faultText(verdict.fault),
    ...(disk?.mount === undefined ? {} : { device: disk.mount.source }),
    ...(disk?.physical === undefined ? {} : { disk: disk.physical }),
    ...(disk?.sizeBytes === undefined ? {} : { sizeBytes: disk.sizeBytes }),
    ...(disk?.freeBytes === undefined || disk.sizeBytes === undefined
      ? {}
      : { freeBytes: wholePercents(disk.freeBytes, disk.sizeBytes) }),
  };
}

/** Below a folder instead of a real root there is no disk to look at: what was not checked is not claimed. */
function passedWords(disk: DiskSeen | undefined): string {
  return disk === undefined ? 'The folder carries the sentinel of this volume.' : 'Mounted as declared.';
}

/** Free space in steps of one percent of the disk, so that a filling disk is news a hundred times and no more. */
function wholePercents(free: number, size: number): number {
  const step = Math.max(1, Math.floor(size / 100));
  return Math.floor(free / step) * step;
}
