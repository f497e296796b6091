import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How much all packs of the repository at `dir` take on the disk, bytes; 0 when there are none. */
export async function packBytes(dir: string): Promise<number> {
  const folder = join(dir, 'objects/pack');
  let total = 0;
  try {
    for (const name of await readdir(folder)) total += (await stat(join(folder, name))).size;
  } catch {
    // Damaged, or swept while we looked: whoever reads from it finds out.
    return total;
  }
  return total;
}
