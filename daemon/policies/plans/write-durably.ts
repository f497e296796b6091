import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file of the state directory whole or not at all: beside, synced, renamed, and its folder synced. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  {
    await using handle = await open(beside, 'w', 0o600);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(beside, file);
  await using folder = await open(dirname(file), constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}
