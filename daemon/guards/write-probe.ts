import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readSentinel } from '../files/read-sentinel.ts';
import { SENTINEL_NAME } from '../files/sentinel.ts';
import type { WriteSeen } from './volume-seen.ts';
import { namelessFile } from './nameless-file.ts';
import type { Footing } from './place-protocol.ts';

/** One block, of bytes that no file system can make a hole of. */
const BYTES = 4096;
/**
 * Writes one block to the disk of an open directory, sees it safe and lets it go. It never has a name where the file
 * system can do that, so neither clients nor a power cut ever find anything of it. Synchronous: for a thread that a dead
 * disk may take.
 */
export function probeWriting(directory: number, footing: Footing): WriteSeen {
  const here = `/proc/self/fd/${directory}`;
  const sentinel = readSentinel(join(here, SENTINEL_NAME));
  const isThere =
    fstatSync(directory).dev === footing.device &&
    sentinel.kind === 'read' &&
    sentinel.stamp === footing.sentinel;
  if (!isThere) return { kind: 'gone' };
  try {
    writeBlock(namelessFile(here));
    return { kind: 'written' };
  } catch (error) {
    return { kind: 'refused', code: (error as NodeJS.ErrnoException).code ?? 'EIO' };
  }
}

function writeBlock(file: number): void {
  try {
    writeSync(file, randomBytes(BYTES));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
