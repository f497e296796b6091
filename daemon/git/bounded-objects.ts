import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BareRepository } from './bare-repository.ts';
import { gitWords } from './git-words.ts';

/** Packs up to this size are read whole into memory by isomorphic-git. Bytes. */
const PACK_LIMIT_BYTES = 32 * 1024 * 1024;

/** What is to be read, and how. */
export interface BoundedRead<Result> {
  /** The objects that will be read; only asked when they must be taken out of large packs. */
  readonly oids: () => Promise<readonly string[]>;
  /** Reads them from the repository at `gitdir`, in process. */
  readonly read: (gitdir: string) => Promise<Result>;
  /** Bytes; by default 32 MiB. */
  readonly packLimitBytes?: number;
}

/**
 * Reads objects in process with bounded memory. isomorphic-git loads every pack it touches whole, so somebody who once
 * pushed a film would make the daemon hold it. When there is such a pack, git first writes the few objects that are
 * needed into a small pack of their own, and they are read from there.
 */
export async function readBounded<Result>(
  repository: BareRepository,
  request: BoundedRead<Result>,
): Promise<Result> {
  const largest = await largestPack(repository.dir);
  if (largest <= (request.packLimitBytes ?? PACK_LIMIT_BYTES)) return request.read(repository.dir);
  const excerpt = `${repository.dir}.excerpt`;
  await rm(excerpt, { recursive: true, force: true });
  try {
    await writeExcerpt(repository, excerpt, await request.oids());
    return await request.read(excerpt);
  } finally {
    await rm(excerpt, { recursive: true, force: true });
  }
}

async function largestPack(dir: string): Promise<number> {
  const folder = join(dir, 'objects/pack');
  const packs = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(packs.map(async (name) => (await stat(join(folder, name))).size));
  return Math.max(0, ...sizes);
}

async function writeExcerpt(
  repository: BareRepository,
  excerpt: string,
  oids: readonly string[],
): Promise<void> {
  await mkdir(join(excerpt, 'objects/pack'), { recursive: true, mode: 0o700 });
  const packed = await repository.run(['pack-objects', '--quiet', join(excerpt, 'objects/pack/pack')], {
    input: oids.map((oid) => `${oid}\n`).join(''),
  });
  if (packed.code !== 0) throw new Error(`git pack-objects failed: ${gitWords(packed)}`);
  const shallow = join(repository.dir, 'shallow');
  if ((await readdir(repository.dir)).includes('shallow')) await copyFile(shallow, join(excerpt, 'shallow'));
}
