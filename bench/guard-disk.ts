import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AdoptedDisk } from '../daemon/guards/adopted-disks.ts';
import { adoptVolume } from '../daemon/guards/adopt-volume.ts';
import { GuardMemory } from '../daemon/guards/guard-memory.ts';
import type { GuardUse } from '../daemon/guards/guard-use.ts';
import { guardVolumes, type GuardParts } from '../daemon/guards/volume-guard.ts';
import { run } from '../daemon/process/run.ts';
import { timeIt } from './time-it.ts';

// Started by the bench in a mount namespace of its own, with an empty folder: mounts a disk, and prints how long looks at
// it take, in milliseconds.
const LOOKS = 50;
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const [, , folder = ''] = process.argv;
const [mount, image] = [join(folder, 'flux'), join(folder, 'disk.img')];
const disks = new Map<string, AdoptedDisk>();
const parts: GuardParts = {
  root: '/',
  mountinfo: '/proc/self/mountinfo',
  path: PATH,
  host: 'bench',
  adopted: async () => disks,
  memory: new GuardMemory(),
};

mkdirSync(mount);
execFileSync('truncate', ['--size=64M', image]);
execFileSync('mkfs.ext4', ['-q', '-L', 'flux', image]);
execFileSync('mount', ['-o', 'loop', image, mount]);
const remember = { remember: async (name: string, disk: AdoptedDisk) => void disks.set(name, disk) };
const fault = await adoptVolume('flux', { mount, label: 'flux' }, { ...parts, ...remember });
if (fault !== undefined) throw new Error(fault.message);
process.stdout.write(
  JSON.stringify({
    read: await looks('read'),
    delete: await looks('delete'),
    lsblk: await each(() => run({ program: 'lsblk', args: ['--json', mount], env: { PATH } })),
  }),
);

function looks(use: GuardUse): Promise<number> {
  return each(async () => {
    const [guarded] = await guardVolumes({ flux: { mount, label: 'flux' } }, parts, { use });
    if (guarded?.verdict.kind !== 'passed') throw new Error(JSON.stringify(guarded?.verdict));
  });
}

async function each(act: () => Promise<unknown>): Promise<number> {
  await act();
  const ms = await timeIt(async () => {
    for (let look = 0; look < LOOKS; look++) await act();
  });
  return ms / LOOKS;
}
