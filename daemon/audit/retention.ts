import { readFile, rm } from 'node:fs/promises';
import type { ChainHead } from '../store/audit-entry.ts';
import { lineHash } from './chain.ts';
import { linesOf, readLine } from './read-line.ts';
import { segmentDays, segmentPath } from './segment-files.ts';

/** So many days with lines are kept. Days, not dates: a clock that jumped ahead must not make all of them old. */
export const KEPT_SEGMENTS: number = 400;

/** Whether the file of a day belongs to a chain that begins behind `base`. Pure. */
export function isKept(day: string, base: ChainHead): boolean {
  return base.bytes === 0 ? day >= base.segment : day > base.segment;
}

/** Where the chain begins when only the newest days stay; undefined when there are no more than those. */
export async function baseFor(folder: string, keep: number = KEPT_SEGMENTS): Promise<ChainHead | undefined> {
  const dropped = (await segmentDays(folder)).slice(0, -keep).at(-1);
  if (dropped === undefined) return undefined;
  const bytes = await readFile(segmentPath(folder, dropped));
  const last = linesOf(bytes).whole.at(-1);
  const line = last === undefined ? undefined : readLine(last);
  // One that cannot be read stays, and is found when the chain is looked through.
  if (last === undefined || line === undefined) return undefined;
  return { seq: line.seq, hash: lineHash(last), time: line.time, segment: dropped, bytes: bytes.length };
}

/** Removes the files of days before a chain's beginning. */
export async function dropBefore(folder: string, base: ChainHead): Promise<void> {
  for (const day of await segmentDays(folder)) {
    if (!isKept(day, base)) await rm(segmentPath(folder, day), { force: true });
  }
}
