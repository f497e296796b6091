import fs from 'node:fs';
import git from 'isomorphic-git';
import type { LogEntry } from '../../state-schema/generated/status.ts';
import { toLogEntry } from './object-reader.ts';

/** What a commit says of itself, read from its bytes. */
export interface CommitHeader extends LogEntry {
  /** How many signatures it carries. git looks at them as one, and only the first may count for it. */
  readonly signatures: number;
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
    headers.set(oid, { ...toLogEntry(read), signatures: countSignatures(object as Uint8Array) });
  }
  return headers;
}

/**
 * Counts the signatures in the bytes of a commit. Its header is lines up to the first empty one; a line that begins with
 * a space goes on with the one before. Pure.
 */
export function countSignatures(content: Uint8Array): number {
  const text = Buffer.from(content).toString('latin1');
  const end = text.indexOf('\n\n');
  const header = end === -1 ? text : text.slice(0, end);
  const fields = [...header.matchAll(/^gpgsig(?:-sha256)? .*(?:\n .*)*/gm)].map(([field]) => field);
  const armors = fields.flatMap((field) => [...field.matchAll(/-----BEGIN /g)]).length;
  return Math.max(fields.length, armors);
}
