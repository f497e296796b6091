import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { faultOf, Stalled } from '../errors.ts';
import type { Reason } from '../../state-schema/generated/status.ts';
import type { RemoteAccess } from './remote.ts';
import { shellWord } from '../shell-word.ts';

/** Bits of a mode that make a file no secret: others than its owner can read or write it. */
const OPEN_TO_OTHERS = 0o077;
/** Bits of a mode that let others decide what stands in a file. */
const WRITABLE_BY_OTHERS = 0o022;

interface CredentialFile {
  readonly key: string;
  readonly path: string;
  /** What it is, for a sentence. */
  readonly what: string;
  readonly forbidden: number;
}

/**
 * Looks at the files that sign in to a remote, before git or ssh does: what they say of a missing or open file tells
 * nobody which setting to mend. Throws `Stalled`.
 */
export async function checkCredentialFiles(access: RemoteAccess): Promise<void> {
  for (const file of credentialFiles(access)) await check(file, access.remote.url);
}

function credentialFiles({ credentials = {} }: RemoteAccess): readonly CredentialFile[] {
  const { passwordFile, keyFile, knownHostsFile, caFile } = credentials;
  const all = [
    { key: 'passwordFile', path: passwordFile, what: 'the password', forbidden: OPEN_TO_OTHERS },
    { key: 'keyFile', path: keyFile, what: 'the ssh key', forbidden: OPEN_TO_OTHERS },
    {
      key: 'knownHostsFile',
      path: knownHostsFile,
      what: 'the list of known ssh servers',
      forbidden: WRITABLE_BY_OTHERS,
    },
    { key: 'caFile', path: caFile, what: 'the authority’s certificate', forbidden: WRITABLE_BY_OTHERS },
  ];
  return all.flatMap(({ path, ...file }) => (path === undefined ? [] : [{ ...file, path }]));
}

async function check(file: CredentialFile, url: string): Promise<void> {
  let handle: FileHandle;
  try {
    // NONBLOCK: opening a FIFO must not hang the daemon.
    handle = await open(file.path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(file, url, error);
  }
  await using opened = handle;
  const stat = await opened.stat();
  const { path, what } = file;
  if (!stat.isFile())
    throw refused(file, `${path} is no regular file, and should hold ${what} for ${url}`, `look at ${path}`);
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) {
    const owner = process.geteuid?.() === 0 ? 'root' : String(process.geteuid?.());
    throw refused(
      file,
      `${path}, ${what} for ${url}, belongs to user ${stat.uid}`,
      `check what it holds, then: chown ${owner} ${shellWord(path)}`,
    );
  }
  if ((stat.mode & file.forbidden) === 0) return;
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  const does = file.forbidden === OPEN_TO_OTHERS ? 'read or write' : 'write';
  throw refused(
    file,
    `others can ${does} ${path} (mode ${mode}), ${what} for ${url}`,
    file.forbidden === OPEN_TO_OTHERS
      ? `chmod 0600 ${shellWord(path)}; if somebody else may have read it, replace it`
      : `check what it holds, then: chmod go-w ${shellWord(path)}`,
  );
}

function refused(file: CredentialFile, message: string, next: string): Stalled {
  const reason: Reason = 'SecretRefused';
  return new Stalled({ reason, message: `${message} (${file.key} in the host settings)`, next });
}

function unreadable(file: CredentialFile, url: string, cause: unknown): Stalled {
  const isAbsent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  const found = isAbsent
    ? `is not there: the file ${file.path} does not exist`
    : `cannot be read: ${faultOf(cause).message}`;
  return new Stalled(
    {
      reason: 'AuthenticationFailed',
      message: `${file.what} for ${url} ${found}`,
      next: `put ${file.what} into ${file.path}, or correct ${file.key} in the host settings`,
    },
    { cause },
  );
}
