import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

/** A process that has a lock file open. */
export interface LockHolder {
  readonly pid: number;
  /** Name of its program, as the kernel has it: at most 15 characters. */
  readonly program: string;
}

/**
 * The other processes that have a lock file open, from /proc: only those that this user may look into. For messages; whether
 * a lock is held, only the kernel says.
 */
export async function lockHolders(file: string): Promise<readonly LockHolder[]> {
  const path = await realpath(file).catch(() => file);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = await Promise.all(pids.map((pid) => holderIn(pid, path)));
  return found.filter((holder) => holder !== undefined);
}

async function holderIn(pid: string, path: string): Promise<LockHolder | undefined> {
  try {
    const descriptors = await readdir(`/proc/${pid}/fd`);
    const open = await Promise.all(
      descriptors.map((one) => readlink(`/proc/${pid}/fd/${one}`).catch(() => '')),
    );
    if (!open.includes(path)) return undefined;
    return { pid: Number(pid), program: (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() };
  } catch {
    return undefined; // it has ended meanwhile, or is somebody else's
  }
}
