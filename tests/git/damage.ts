import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The one pack of a repository; fails when there is none or another. */
export async function onlyPack(repository: string): Promise<string> {
  const folder = join(repository, 'objects/pack');
  const packs = (await readdir(folder)).filter((name) => name.endsWith('.pack'));
  if (packs[0] === undefined || packs.length > 1)
    throw new Error(`${folder} holds ${packs.length} packs, expected 1`);
  return join(folder, packs[0]);
}

/** One wrong bit in the middle of a file, as a worn disk makes it. */
export async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await overwrite(file, bytes);
}

/** The first half of a file, as a power cut leaves it. */
export async function halve(file: string): Promise<void> {
  const bytes = await readFile(file);
  await overwrite(file, bytes.subarray(0, Math.floor(bytes.length / 2)));
}

/** The loose object of this name. */
export function looseObject(repository: string, oid: string): string {
  return join(repository, 'objects', oid.slice(0, 2), oid.slice(2));
}

async function overwrite(file: string, bytes: Uint8Array): Promise<void> {
  // git makes packs and objects read-only.
  await chmod(file, 0o600);
  await writeFile(file, bytes);
}
