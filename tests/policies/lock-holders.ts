import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { soon } from '../rig/soon.ts';
import { PASSWORD, RESTIC_DIR, type PolicyRig } from './policy-rig.ts';

/** A restic that has locked the repository and takes its time. */
export async function slowRestic(
  rig: PolicyRig,
  { host }: { readonly host?: string } = {},
): Promise<ReturnType<typeof spawn>> {
  const file = join(rig.folder, 'slow');
  await writeFile(file, randomBytes(2_000_000));
  const before = wholeLocks(rig).length;
  const args = ['backup', '--json', '--no-cache', '--limit-upload=5', file];
  const child = spawnRestic(rig, { resticDir: RESTIC_DIR, args, ...(host === undefined ? {} : { host }) });
  await soon(() => wholeLocks(rig).length > before, 'restic has its lock');
  return child;
}

/** A restic on the repository of a rig, also as if on another host. */
export function spawnRestic(
  rig: PolicyRig,
  {
    resticDir,
    args,
    host,
  }: { readonly resticDir: string; readonly args: readonly string[]; readonly host?: string },
): ReturnType<typeof spawn> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: rig.folder,
    RESTIC_PASSWORD: PASSWORD,
    RESTIC_REPOSITORY: join(rig.root, 'space/repo'),
  };
  const restic = join(resticDir, 'restic');
  if (host === undefined) return spawn(restic, args, { env, stdio: 'ignore' });
  const script = 'hostname "$0" && exec "$@"';
  return spawn('unshare', ['--uts', 'sh', '-c', script, host, restic, ...args], { env, stdio: 'ignore' });
}

/** Kills it, and waits until it has ended. */
export async function killed(child: ReturnType<typeof spawn>): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Restic writes a lock beside, then renames it. */
export function wholeLocks(rig: PolicyRig): readonly string[] {
  const names = readdirSync(join(rig.root, 'space/repo/locks'));
  return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
}
