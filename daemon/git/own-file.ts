import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file of anchord's own folder: beside it, fsync, rename, fsync of the folder. A power cut leaves old or new. */
export async function writeOwnFile(path: string, content: string, mode: number): Promise<void> {
  const beside = `${path}.new`;
  {
    await using file = await open(beside, 'w', mode);
    await file.writeFile(content);
    await file.chmod(mode);
    await file.sync();
  }
  await rename(beside, path);
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}
