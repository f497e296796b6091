import fs from 'node:fs';
import git from 'isomorphic-git';
import type { LogEntry } from '../../state-schema/generated/status.ts';
import { toLogEntry } from './object-reader.ts';

/** What a commit says of itself, read from its bytes. */
export interface CommitHeader extends LogEntry {
  /** How many signatures it carries. git looks at them as one, and only the first may count for it. */
  readonly signatures: number;
  /** Whether git knows what kind of signature it carries; of any other kind it says nothing and ends. */
  readonly isKnownKind: boolean;
}

/** Reads commits, in process. Throws when one is missing or damaged. */
export async function readHeaders(
  gitdir: string,
  oids: readonly string[],
): Promise<ReadonlyMap<string, CommitHeader>> {
  const cache = {};
  const headers = new Map<string, CommitHeader>();
  for (const oid of oids) {
    const { object } = await git.readObject({ fs, gitdir, oid, format: 'content', cache });
    const read = await git.readCommit({ fs, gitdir, oid, cache });
    headers.set(oid, { ...toLogEntry(read), ...signaturesOf(object as Uint8Array) });
  }
  return headers;
}

/** What `gpg.format` knows (git-config(1)), as each begins. */
const KINDS = [
  '-----BEGIN PGP SIGNATURE-----',
  '-----BEGIN PGP MESSAGE-----',
  '-----BEGIN SSH SIGNATURE-----',
];

/**
 * Looks for signatures in the bytes of a commit. Its header is lines up to the first empty one; a line that begins with
 * a space goes on with the one before. Every field whose name begins with `gpgsig` counts: git leaves them all out of
 * what is signed, so whoever pushes could add one, and make of a signed commit as many others as they like. Pure.
 */
export function signaturesOf(content: Uint8Array): Pick<CommitHeader, 'signatures' | 'isKnownKind'> {
  const text = Buffer.from(content).toString('latin1');
  const end = text.indexOf('\n\n');
  const header = end === -1 ? text : text.slice(0, end);
  const fields = [...header.matchAll(/^gpgsig.*(?:\n .*)*/gm)].map(([field]) => field);
  const armors = fields.flatMap((field) => [...field.matchAll(/-----BEGIN /g)]).length;
  const isKnownKind = fields.every((field) => KINDS.some((kind) => field.startsWith(`gpgsig ${kind}\n`)));
  return { signatures: Math.max(fields.length, armors), isKnownKind };
}
