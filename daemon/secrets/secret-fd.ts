import { constants } from 'node:fs';
import { open, statfs, type FileHandle } from 'node:fs/promises';
import { Stalled } from '../errors.ts';
import type { SecretValue } from './secret-value.ts';

/** Linux's O_TMPFILE without its O_DIRECTORY part; the same number on every architecture Node runs on. */
const TMPFILE_BIT = 0o20000000;
/** f_type of tmpfs, statfs(2). */
const TMPFS = 0x01021994;
const SHARED_MEMORY = '/dev/shm';

/** A secret as an open file for one child. */
export interface SecretDescriptor extends AsyncDisposable {
  /** Hand it down as descriptor 3; the child opens /dev/fd/3. */
  readonly fd: number;
}

/**
 * Puts a secret into a file that never has a name, so that nothing is left behind however we end, and nobody else can open it.
 * In memory (/dev/shm) where there is a tmpfs, else in the first of `folders` that can hold it. Not a pipe: Node's pipes are
 * sockets, which a child cannot open again by path.
 */
export async function openSecretDescriptor(
  secret: SecretValue,
  folders: readonly string[],
): Promise<SecretDescriptor> {
  const handle = await openNameless([...((await isTmpfs(SHARED_MEMORY)) ? [SHARED_MEMORY] : []), ...folders]);
  try {
    await handle.writeFile(secret.reveal());
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { fd: handle.fd, [Symbol.asyncDispose]: () => handle.close() };
}

async function openNameless(folders: readonly string[]): Promise<FileHandle> {
  const causes: unknown[] = [];
  for (const folder of folders) {
    try {
      return await open(folder, constants.O_RDWR | constants.O_DIRECTORY | TMPFILE_BIT, 0o600);
    } catch (error) {
      causes.push(error);
    }
  }
  throw new Stalled(
    {
      reason: 'SecretRefused',
      message: `no place to hand a secret to a child: none of ${folders.join(', ')} takes a nameless file`,
      next: 'mount a tmpfs at /dev/shm',
    },
    { cause: new AggregateError(causes) },
  );
}

async function isTmpfs(folder: string): Promise<boolean> {
  try {
    return (await statfs(folder)).type === TMPFS;
  } catch {
    // Not there, which is the question.
    return false;
  }
}
