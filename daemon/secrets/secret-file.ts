import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Fault } from '../errors.ts';

/** More than any key or password; a larger file is a mistake, and would be held in memory. */
const SIZE_LIMIT_BYTES = 64 * 1024;
const WRITABLE_BY_OTHERS = 0o022;
const OPEN_TO_OTHERS = 0o077;

/** What a secret file on the host holds, or why it is not read. */
export type SecretFileContent =
  | { readonly kind: 'content'; readonly text: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/**
 * Reads a file that secrets come from. One that somebody else could have written is refused: they would choose our
 * passwords. `by: 'owner'` refuses also one that somebody else can read.
 */
export async function readSecretFile(
  path: string,
  read: { readonly by: 'owner' | 'anyone' } = { by: 'anyone' },
): Promise<SecretFileContent> {
  let handle: FileHandle;
  try {
    // NONBLOCK: opening a FIFO must not hang the daemon.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const found =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'does not exist'
        : `cannot be opened (${String(error)})`;
    return refused({
      reason: 'SecretMissing',
      message: `the file ${path} ${found}`,
      next: `create ${path}, mode 0600, owned by root`,
    });
  }
  try {
    return await readOpen(handle, path, read.by === 'owner' ? OPEN_TO_OTHERS : WRITABLE_BY_OTHERS);
  } finally {
    await handle.close();
  }
}

async function readOpen(handle: FileHandle, path: string, forbidden: number): Promise<SecretFileContent> {
  const stat = await handle.stat();
  if (!stat.isFile())
    return refused({
      reason: 'SecretRefused',
      message: `${path} is not a regular file`,
      next: `put a regular file at ${path}`,
    });
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) {
    return refused({
      reason: 'SecretRefused',
      message: `${path} belongs to uid ${stat.uid}, not to root`,
      next: `check its content, then chown root ${path}`,
    });
  }
  if ((stat.mode & forbidden) !== 0) {
    const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
    const can = (stat.mode & WRITABLE_BY_OTHERS) === 0 ? 'read' : 'write';
    return refused({
      reason: 'SecretRefused',
      message: `${path} has mode ${mode}: others than its owner can ${can} it`,
      next: `check its content, then chmod 0600 ${path}`,
    });
  }
  if (stat.size > SIZE_LIMIT_BYTES) {
    return refused({
      reason: 'SecretRefused',
      message: `${path} is ${stat.size} bytes long; a secret file has at most ${SIZE_LIMIT_BYTES}`,
      next: `check that ${path} is the file you mean`,
    });
  }
  return { kind: 'content', text: await handle.readFile('utf8') };
}

function refused(fault: Fault): SecretFileContent {
  return { kind: 'refused', fault };
}
