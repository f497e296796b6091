import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdoptedDisk } from '../../daemon/guards/adopted-disks.ts';
import { adoptVolume } from '../../daemon/guards/adopt-volume.ts';
import { GuardMemory } from '../../daemon/guards/guard-memory.ts';
import { guardPath } from '../../daemon/guards/guard-path.ts';
import type { GuardUse } from '../../daemon/guards/guard-use.ts';
import { guardVolumes, type GuardedVolume, type GuardParts } from '../../daemon/guards/volume-guard.ts';

// Started by a test in a mount namespace of its own, with an empty folder: one disk after another comes into trouble, and
// what the guard says of it is printed. With a third and fourth argument it is its own child, in a namespace below.
const [, , folder = '', hostMounts = '/proc/self/mountinfo', adoptedAs = ''] = process.argv;
const mount = join(folder, 'flux');
const volumes = { flux: { mount, label: 'flux' } };
const disks = new Map<string, AdoptedDisk>();
const parts: GuardParts = {
  root: '/',
  mountinfo: hostMounts,
  path: process.env['PATH'] ?? '',
  host: 'motoko',
  adopted: async () => disks,
  memory: new GuardMemory(),
  mayWrite: true,
};
const said: Record<string, unknown> = {};
/** What the kernel calls the device that was mounted last. */
let loop = '';
if (adoptedAs === '') await story();
else await onlyTheHostSees();
process.stdout.write(JSON.stringify(said));

async function story(): Promise<void> {
  mkdirSync(mount);
  for (const name of ['right', 'twin']) makeDisk(name);
  insert('right');
  said['adopting'] = await adopt();
  await sleeping();
  await strangers();
  await errors();
  await space();
  await unplugged();
}

/** Nobody writes or reads, so nothing may wake the disk; and writing leaves nothing that anybody could see. */
async function sleeping(): Promise<void> {
  await verdict('read');
  sh('sync', '--file-system', mount);
  said['what 25 looks read and write'] = await whatLooksCost();
  const before = inputOutput().join();
  const [top, names] = [statSync(mount).mtimeMs, readdirSync(mount)];
  said['writable'] = await verdict('write');
  said['an attempt to write'] = inputOutput().join() === before ? 'reaches no disk' : 'reaches the disk';
  const isSame = statSync(mount).mtimeMs === top && readdirSync(mount).join() === names.join();
  said['what it leaves'] = isSame ? 'nothing' : readdirSync(mount);
}

async function strangers(): Promise<void> {
  sh('cp', '--archive', join(mount, '.anchord-volume'), join(folder, 'copy'));
  sh('umount', mount);
  insert('twin');
  sh('cp', '--archive', join(folder, 'copy'), join(mount, '.anchord-volume'));
  said['a copy of the sentinel on a disk of the same label'] = await verdict('read');
  sh('umount', mount);
  insert('right');
  sh('mkdir', join(folder, 'aside'));
  sh('mount', '-o', 'loop', disk('twin'), join(folder, 'aside'));
  said['beside the twin'] = await verdict('read');
  sh('mount', '--move', join(folder, 'aside'), mount);
  said['the twin moved on top of it'] = await verdict('read');
  sh('umount', mount);
  sh('mount', '--move', mount, join(folder, 'aside'));
  said['moved away'] = await verdict('read');
  sh('mount', '--move', join(folder, 'aside'), mount);
  said['moved back'] = await verdict('read');
  const self = fileURLToPath(import.meta.url);
  const id = JSON.stringify(disks.get('flux'));
  const child = spawnSync('unshare', [
    '--mount',
    process.execPath,
    self,
    folder,
    `/proc/${process.pid}/mountinfo`,
    id,
  ]);
  said['a disk that only the host sees'] = JSON.parse(child.stdout.toString());
  await bound();
}

async function bound(): Promise<void> {
  for (const name of ['active', 'scratch', 'scratch/deep']) mkdirSync(join(mount, name));
  sh('mount', '--bind', join(mount, 'active'), join(mount, 'scratch'));
  const deep = await guardPath({ path: join(mount, 'scratch/deep'), use: 'delete', volumes }, parts);
  const beside = await guardPath({ path: join(mount, 'active'), use: 'delete', volumes }, parts);
  said['below a folder of the same disk that is bound there'] = deep?.reason ?? 'passed';
  said['beside it'] = beside?.reason ?? 'passed';
  sh('umount', join(mount, 'scratch'));
}

async function errors(): Promise<void> {
  for (const how of ['continue', 'remount-ro']) {
    sh('mount', '-o', `remount,errors=${how}`, mount);
    sh('sh', '-c', `echo tested > /sys/fs/ext4/${loop}/trigger_fs_error`);
    said[`an error, then ${how}`] = await verdict('read');
    sh('umount', mount);
    spawnSync('e2fsck', ['-fy', disk('right')]);
    insert('right');
    said[`checked after ${how}`] = await verdict('read');
  }
  sh('mount', '-o', 'remount,ro', mount);
  said['read-only'] = await verdict('read');
  sh('mount', '-o', 'remount,rw', mount);
  said['writable again'] = await verdict('write');
}

/** The minimum, the same minimum with a little more room, and not a byte. */
async function space(): Promise<void> {
  const { size, free } = await room();
  const limit = `${free - size / 50}B`;
  said['enough is free'] = await verdict('write', limit);
  sh(
    'dd',
    'if=/dev/zero',
    `of=${join(mount, 'ballast')}`,
    'bs=64K',
    `count=${Math.ceil(size / 50 / 65_536) + 4}`,
  );
  said['too little is free'] = await verdict('write', limit);
  said['reading it then'] = await use('read', limit);
  said['deleting there then'] = await use('delete', limit);
  said['writing there then'] = await use('write', limit);
  sh('truncate', '--size=-320K', join(mount, 'ballast'));
  said['a little more than the minimum'] = await verdict('write', limit);
  sh('rm', join(mount, 'ballast'));
  said['room again'] = await verdict('write', limit);
  for (const size of ['bs=64K', 'bs=1K']) {
    const options = ['conv=notrunc', 'oflag=append', 'status=none'];
    spawnSync('dd', ['if=/dev/zero', `of=${join(mount, 'ballast')}`, size, ...options]);
  }
  said['not a byte is free, and no minimum is declared'] = await verdict('write');
  said['adopting it then'] = await adopt();
  said['what of that is left'] = readdirSync(mount).filter((name) => name.startsWith('.anchord'));
  sh('rm', join(mount, 'ballast'));
  said['and room again'] = await verdict('write');
}

/** Looks are answered from memory for a while; whoever wants to write is told the truth. */
async function unplugged(): Promise<void> {
  // Mounted anew, so that the kernel has nothing of what is on it yet.
  sh('umount', mount);
  insert('right');
  await verdict('write');
  sh('truncate', '--size=0', disk('right'));
  sh('losetup', '--set-capacity', `/dev/${loop}`);
  const inside = { path: join(mount, 'active'), use: 'read', volumes } as const;
  said['unplugged, before reading on it'] = (await guardPath(inside, parts))?.reason;
  said['unplugged, before writing to it'] =
    (await verdict('write')) === 'passed' ? 'passed' : 'not to be touched';
  said['unplugged, afterwards'] = (await verdict('read')) === 'passed' ? 'passed' : 'not to be touched';
  sh('umount', '--lazy', mount);
  said['what lies on the bare mount point'] = readdirSync(mount);
}

async function onlyTheHostSees(): Promise<void> {
  disks.set('flux', JSON.parse(adoptedAs) as AdoptedDisk);
  said['before'] = await verdict('read');
  sh('umount', mount);
  said['unmounted here alone'] = await verdict('read');
  sh('mount', '-o', 'loop', disk('twin'), mount);
  const { verdict: hidden } = await guard('read');
  said['another one here'] =
    hidden.kind === 'failed' ? hidden.fault.message.replace(/.* because /, '') : hidden.kind;
}

async function guard(use: GuardUse, minFree?: string): Promise<GuardedVolume> {
  const volume = { ...volumes.flux, ...(minFree === undefined ? {} : { minFree }) };
  const [guarded] = await guardVolumes({ flux: volume }, parts, { use });
  if (guarded === undefined) throw new Error('no verdict');
  return guarded;
}

async function verdict(use: GuardUse, minFree?: string): Promise<string> {
  const { verdict: found } = await guard(use, minFree);
  return found.kind === 'passed' ? 'passed' : `${found.kind}: ${found.fault.reason}`;
}

async function use(what: GuardUse, minFree: string): Promise<string> {
  const fault = await guardPath(
    { path: mount, use: what, volumes: { flux: { ...volumes.flux, minFree } } },
    parts,
  );
  return fault?.reason ?? 'passed';
}

async function room(): Promise<{ readonly size: number; readonly free: number }> {
  const { disk: seen } = (await guard('read')).seen;
  return { size: seen?.sizeBytes ?? 0, free: seen?.freeBytes ?? 0 };
}

async function adopt(): Promise<string> {
  const fault = await adoptVolume('flux', volumes.flux, {
    ...parts,
    remember: async (name, one) => void disks.set(name, one),
  });
  return fault?.reason ?? 'adopted';
}

function insert(name: string): void {
  sh('mount', '-o', 'loop', disk(name), mount);
  loop = sh('findmnt', '--noheadings', '--first-only', '--output', 'SOURCE', mount)
    .trim()
    .replace('/dev/', '');
}

/** Whatever the kernel still had to write by itself does not come back: what each attempt sees comes of the looks. */
async function whatLooksCost(): Promise<string> {
  let cost = '';
  for (let attempt = 0; attempt < 5 && cost !== 'nothing'; attempt++) {
    const idle = await ioDuring(async () => {});
    const looking = await ioDuring(async () => {
      for (let look = 0; look < 25; look++) await verdict('read');
    });
    cost = looking === idle ? 'nothing' : `${looking}, idle ${idle}`;
  }
  return cost;
}

/** What reaches a disk meanwhile, with the one write that seeing everything safe costs by itself. */
async function ioDuring(act: () => Promise<void>): Promise<string> {
  const [reads = 0, writes = 0] = inputOutput();
  await act();
  sh('sync', '--file-system', mount);
  const [readsAfter = 0, writesAfter = 0] = inputOutput();
  return `${readsAfter - reads} reads, ${writesAfter - writes} writes`;
}

/** Reads and writes of the device so far. */
function inputOutput(): readonly number[] {
  const counts = readFileSync(`/sys/block/${loop}/stat`, 'utf8').trim().split(/ +/).map(Number);
  return [counts[0] ?? 0, counts[4] ?? 0];
}

function makeDisk(name: string): void {
  sh('truncate', '--size=32M', disk(name));
  sh('mkfs.ext4', '-q', '-L', 'flux', '-E', 'lazy_itable_init=0,lazy_journal_init=0', disk(name));
}

function disk(name: string): string {
  return join(folder, `${name}.img`);
}

function sh(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
