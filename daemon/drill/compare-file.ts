import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { nanoseconds } from '../manifests/nanoseconds.ts';
import type { SampleFile } from './draw-sample.ts';

/** Why a restored file is not what was stored; undefined when it is. It lies where nobody else can write. */
export async function compareFile(path: string, wanted: SampleFile): Promise<string | undefined> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) return 'it came back as something else than a file';
    if (stats.size !== BigInt(wanted.size))
      return `it came back with ${stats.size} bytes, not ${wanted.size}`;
    const digest = createHash('sha256');
    for await (const chunk of file.createReadStream({ autoClose: false })) digest.update(chunk as Buffer);
    if (wanted.sha256 !== undefined && digest.digest('hex') !== wanted.sha256)
      return 'its content is not what stood in the file when it was backed up';
    if (stats.mtimeNs !== nanoseconds(wanted.mtime))
      return `it came back with the time ${stats.mtime.toISOString()}, not ${wanted.mtime}`;
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' ? 'it did not come back' : `it cannot be read: ${String(error)}`;
  }
}
