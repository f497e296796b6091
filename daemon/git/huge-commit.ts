import type { BareRepository } from './bare-repository.ts';

/** Commits are read whole into memory. Bytes. */
const COMMIT_LIMIT_BYTES = 1024 * 1024;

/** Whether one of the commits is too large to be read: git takes a message of any length. Those that are not here count as small. */
export async function hasHugeCommit(repository: BareRepository, oids: readonly string[]): Promise<boolean> {
  const sizes = await repository.run(['cat-file', '--batch-check=%(objectsize)'], {
    input: oids.map((oid) => `${oid}\n`).join(''),
  });
  return sizes.stdout.split('\n').some((line) => /^\d+$/.test(line) && Number(line) > COMMIT_LIMIT_BYTES);
}
