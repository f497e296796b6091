import { lstat } from 'node:fs/promises';
import { Stalled } from '../errors.ts';

/**
 * Refuses a root that cannot be meant: nothing, a file, or a link. Throws `Stalled`. A link would be followed, and one to
 * `/` would make the daemon work on the real host while it takes it for a folder, without looking at a single disk.
 */
export async function checkRoot(root: string): Promise<void> {
  if (root === '/') return;
  const fault = await faultOfRoot(root);
  if (fault === undefined) return;
  throw new Stalled({ reason: 'NotADirectory', ...fault });
}

async function faultOfRoot(
  root: string,
): Promise<{ readonly message: string; readonly next: string } | undefined> {
  try {
    const stats = await lstat(root);
    if (stats.isSymbolicLink()) {
      return {
        message: `the root ${root} is a symbolic link, expected a directory`,
        next: 'name the directory itself: root in the host settings',
      };
    }
    if (!stats.isDirectory())
      return {
        message: `the root ${root} is not a directory`,
        next: 'name a directory: root in the host settings',
      };
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return code === 'ENOENT'
      ? {
          message: `the root ${root} does not exist`,
          next: `mkdir ${root}, or correct root in the host settings`,
        }
      : { message: `the root ${root} cannot be read (${code})`, next: `ls -ld ${root}` };
  }
}
