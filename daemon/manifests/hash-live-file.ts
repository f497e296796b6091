import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { openBelow, type PlaceBelow } from '../files/open-below.ts';
import { nanoseconds } from './nanoseconds.ts';

const CHUNK_BYTES = 1024 * 1024;

/** A file as a snapshot has it. */
export interface SnapshotFile {
  /** Bytes. */
  readonly size: number;
  /** ISO 8601 with nanoseconds. */
  readonly mtime: string;
  readonly ctime: string;
}

/** Where to look for it. */
export interface LivePlace extends PlaceBelow {
  readonly signal: AbortSignal;
}

/**
 * The SHA-256 of a live file, 64 hex digits; undefined when it is not, before and after it was read, exactly the file of
 * the snapshot. The time of the last change of the inode counts, which nobody can set: with the same size and the same
 * one its content is the same, whoever wrote in between.
 */
export async function hashLiveFile(place: LivePlace, wanted: SnapshotFile): Promise<string | undefined> {
  try {
    await using file = await openBelow(place);
    if (!isSame(await file.stat({ bigint: true }), wanted)) return undefined;
    const digest = await hash(file, wanted.size, place.signal);
    return isSame(await file.stat({ bigint: true }), wanted) ? digest : undefined;
  } catch (error) {
    // Gone, replaced, leased by its owner or unreadable: there are others to choose from.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function isSame(stats: BigIntStats, wanted: SnapshotFile): boolean {
  return (
    stats.isFile() &&
    stats.size === BigInt(wanted.size) &&
    stats.mtimeNs === nanoseconds(wanted.mtime) &&
    stats.ctimeNs === nanoseconds(wanted.ctime)
  );
}

/** No more than it had: one that grows for ever would be read for ever. */
async function hash(file: FileHandle, size: number, signal: AbortSignal): Promise<string | undefined> {
  const digest = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size));
  for (let position = 0; position < size;) {
    if (signal.aborted) return undefined;
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - position), position);
    if (bytesRead === 0) return undefined;
    digest.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return digest.digest('hex');
}
