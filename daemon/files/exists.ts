import { lstat } from 'node:fs/promises';

/** Whether something has this path; a link counts, wherever it leads. Only a plain "not there" is no: what cannot be looked at throws. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
