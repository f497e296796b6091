import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Volume } from '../../state-schema/generated/state-file.ts';
import type { AdoptedDisk } from '../../daemon/guards/adopted-disks.ts';
import { adoptVolume } from '../../daemon/guards/adopt-volume.ts';
import { GuardMemory } from '../../daemon/guards/guard-memory.ts';
import { guardVolumes, type GuardParts } from '../../daemon/guards/volume-guard.ts';

// Started by a test in a mount namespace of its own, with an empty folder: makes disks, mounts them, and prints what
// the guard says at each step.
const [, , folder = ''] = process.argv;
const mount = join(folder, 'flux');
const disks = new Map<string, AdoptedDisk>();
const parts: GuardParts = {
  root: '/',
  mountinfo: '/proc/self/mountinfo',
  path: process.env['PATH'] ?? '',
  host: 'motoko',
  adopted: async () => disks,
  memory: new GuardMemory(),
};
const steps: Record<string, unknown> = {};

mkdirSync(mount);
makeDisk('right', 'my flux');
makeDisk('twin', 'my flux');
makeDisk('wrong', 'time');

await note('bare', { mount });
steps['adopting a bare mount point'] = (await adopt())?.reason;
steps['left on the bare mount point'] = readdirSync(mount);
sh('mount', '-o', 'loop', disk('right'), mount);
steps['adopting'] = (await adopt()) ?? 'adopted';
await note('right', { mount, fstype: 'ext4', label: 'my flux', uuid: uuidOf('right') });
await note('another UUID declared', { mount, uuid: uuidOf('twin') });
await note('another file system declared', { mount, fstype: 'xfs' });
await note('too little free', { mount, minFree: '99%' });
await note('enough free', { mount, minFree: '1MiB' });
sh('mount', '-o', 'remount,ro', mount);
await note('read-only', { mount });
sh('umount', mount);
await note('unmounted', { mount });
sh('mount', '-o', 'loop', disk('wrong'), mount);
await note('another disk', { mount, label: 'my flux' });
steps['adopting another disk'] = (await adopt())?.reason;
sh('umount', mount);
sh('mount', '-o', 'loop', disk('twin'), mount);
await note('a disk of the same label', { mount, label: 'my flux' });
sh('mount', '-o', 'loop', disk('right'), mount);
await note('the right one on top of it', { mount, label: 'my flux' });
sh('umount', mount);
sh('umount', mount);
mkdirSync(join(folder, 'bound'));
sh('mount', '--bind', join(folder, 'bound'), mount);
await note('a folder bound there', { mount });
sh('umount', mount);
process.stdout.write(JSON.stringify(steps));

async function note(step: string, volume: Volume): Promise<void> {
  const [guarded] = await guardVolumes({ flux: volume }, parts);
  const verdict = guarded?.verdict;
  steps[step] = verdict?.kind === 'passed' ? 'passed' : verdict?.fault.reason;
}

function adopt(): ReturnType<typeof adoptVolume> {
  const volume = { mount, label: 'my flux' };
  return adoptVolume('flux', volume, {
    ...parts,
    remember: async (name, disk) => void disks.set(name, disk),
  });
}

function makeDisk(name: string, label: string): void {
  sh('truncate', '--size=16M', disk(name));
  sh('mkfs.ext4', '-q', '-L', label, disk(name));
}

function uuidOf(name: string): string {
  return sh('blkid', '--probe', '--match-tag', 'UUID', '--output', 'value', disk(name)).trim();
}

function disk(name: string): string {
  return join(folder, `${name}.img`);
}

function sh(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' });
}
