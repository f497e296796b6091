import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Stalled } from '../errors.ts';
import { isRemains } from './remains.ts';
import type { Segment } from './verify-chain.ts';

const PARTS: readonly RegExp[] = [/^\d{4}$/, /^\d\d$/, /^\d\d\.jsonl$/];

/** Where the file of a day is: `<folder>/YYYY/MM/DD.jsonl`. */
export function segmentPath(folder: string, day: string): string {
  return join(folder, `${day}.jsonl`);
}

/** The days that have a file, in order. Files of other names are not the audit's. */
export async function segmentDays(folder: string): Promise<readonly string[]> {
  return (await namesBelow(folder, PARTS)).map((name) => name.slice(0, -'.jsonl'.length)).toSorted();
}

/** Every file, in order. */
export async function readSegments(folder: string): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const day of await segmentDays(folder))
    segments.push({ day, bytes: await readFile(segmentPath(folder, day)) });
  return segments;
}

async function namesBelow(
  folder: string,
  [pattern, ...deeper]: readonly RegExp[],
): Promise<readonly string[]> {
  if (pattern === undefined) return [];
  const names = (await entriesOf(folder)).filter((name) => pattern.test(name));
  if (deeper.length === 0) return names;
  const below = await Promise.all(
    names.map(async (name) =>
      (await namesBelow(join(folder, name), deeper)).map((rest) => `${name}/${rest}`),
    ),
  );
  return below.flat();
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Bytes for the end of one file. */
export interface SegmentAppend {
  readonly day: string;
  /** Length the file must have: 0 when it is a new one. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * Puts bytes at the end of a file and waits until they are on the disk. What a power cut or a full disk left behind of the
 * same bytes is written over. Throws `Stalled` (`AuditTampered`) when the file is not as long as it was left, or holds
 * something else there: it is then left as found.
 */
export async function appendToSegment(folder: string, append: SegmentAppend): Promise<void> {
  const path = segmentPath(folder, append.day);
  const isNew = append.at === 0;
  if (isNew) await makeFolders(folder, dirname(path));
  await using file = await openSegment(path, append);
  await dropRemains(file, path, append);
  for (let done = 0; done < append.bytes.length;) {
    done += (await file.write(append.bytes, done, append.bytes.length - done, append.at + done)).bytesWritten;
  }
  await file.sync();
  if (isNew) await syncFolder(dirname(path));
}

async function openSegment(path: string, { at }: SegmentAppend): Promise<FileHandle> {
  const create = at === 0 ? constants.O_CREAT : 0;
  try {
    return await open(path, constants.O_RDWR | constants.O_NOFOLLOW | create, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ELOOP') throw error;
    const found = code === 'ENOENT' ? 'it is not there' : 'a link is in its place';
    throw tampered(path, found, { at, cause: error });
  }
}

async function dropRemains(file: FileHandle, path: string, { at, bytes }: SegmentAppend): Promise<void> {
  const { size } = await file.stat();
  if (size === at) return;
  if (size < at) throw tampered(path, `it has ${size} bytes`, { at });
  if (size - at > bytes.length) throw tampered(path, `it has ${size} bytes`, { at });
  const found = new Uint8Array(size - at);
  await file.read(found, 0, found.length, at);
  if (!isRemains(found, bytes)) throw tampered(path, 'something else stands behind them', { at });
  await file.truncate(at);
}

async function makeFolders(top: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // A new folder survives a power cut only when the one above it was synced.
  for (let made = folder; made.startsWith(dirname(top)); made = dirname(made)) {
    await syncFolder(made);
    if (made === dirname(first)) return;
  }
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

function tampered(
  path: string,
  found: string,
  about: { readonly at: number; readonly cause?: unknown },
): Stalled {
  return new Stalled(
    {
      reason: 'AuditTampered',
      message: `${path} is not as it was left: ${found}, and ${about.at} bytes were written to it`,
      next: 'see which lines: anchord audit verify --remote; the status branch has the file as it was',
    },
    { cause: about.cause },
  );
}
