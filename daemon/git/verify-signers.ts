import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { faultOf, Stalled, type Fault } from '../errors.ts';
import { refuseWritableByOthers } from '../settings/refuse-writable.ts';
import { parseSshSigners, type SshSigner } from './verify-ssh-signers.ts';

/** More than any list of people is. Bytes. */
const SIZE_LIMIT = 1024 * 1024;

/** Who may sign commits, as the files of this host say. */
export interface AllowedSigners {
  readonly ssh: readonly SshSigner[];
  /** Armored OpenPGP public keys, each with the file it stands in. */
  readonly openpgp: readonly { readonly file: string; readonly text: string }[];
  /** Another one when a file changes. */
  readonly digest: string;
}

/** Reads the files that say who may sign. Throws `Stalled` when one cannot be read, trusted or understood. */
export async function readAllowedSigners(files: readonly string[]): Promise<AllowedSigners> {
  const ssh: SshSigner[] = [];
  const openpgp: { file: string; text: string }[] = [];
  const hash = createHash('sha256');
  for (const file of files) {
    const text = await readText(file);
    hash.update(`${file.length}:${file}${text.length}:${text}`);
    if (/^-----BEGIN PGP /m.test(text)) openpgp.push({ file, text: publicKeys(file, text) });
    else ssh.push(...sshSigners(file, text));
  }
  return { ssh, openpgp, digest: hash.digest('hex') };
}

/** What to say of a file of signers that cannot be used; `why` finishes the sentence "the file …". */
export function unusable(file: string, why: string, next: string): Fault {
  const message = `${file}, which says who may sign commits, ${why}; until that is mended no new revision is accepted`;
  return { reason: 'SignersUnusable', message, next };
}

async function readText(file: string): Promise<string> {
  try {
    // NONBLOCK: opening a FIFO must not hang the daemon.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    if (!stats.isFile())
      throw new Stalled(unusable(file, 'is no regular file', 'correct repository.allowedSigners'));
    if (stats.size > SIZE_LIMIT)
      throw new Stalled(unusable(file, `is larger than ${SIZE_LIMIT} bytes`, 'take out what is not needed'));
    refuseWritableByOthers(file, stats, 'whose commits are carried out as root');
    return await handle.readFile('utf8');
  } catch (error) {
    const { message, ...fault } = faultOf(error);
    if (error instanceof Stalled)
      throw new Stalled({ ...fault, message, reason: 'SignersUnusable' }, { cause: error });
    const next = 'put it there, or correct repository.allowedSigners in the host settings';
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isAbsent ? 'does not exist' : `cannot be read: ${message}`;
    throw new Stalled(unusable(file, why, next), { cause: error });
  }
}

function publicKeys(file: string, text: string): string {
  if (text.includes('PRIVATE KEY BLOCK'))
    throw new Stalled(
      unusable(
        file,
        'holds a private key, which belongs to the person who signs',
        'write the public keys alone: gpg --armor --export',
      ),
    );
  return text;
}

function sshSigners(file: string, text: string): readonly SshSigner[] {
  const { signers, faults } = parseSshSigners(text);
  const [first] = faults;
  if (first !== undefined) {
    const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more lines)`;
    throw new Stalled(
      unusable(file, `cannot be understood: line ${first.line} ${first.message}${more}`, `edit ${file}`),
    );
  }
  if (signers.length === 0)
    throw new Stalled(unusable(file, 'names nobody', `add a line to ${file}: NAME KEYTYPE KEY`));
  return signers;
}
