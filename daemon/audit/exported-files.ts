import type { ChainHead } from '../store/audit-entry.ts';
import type { Segment } from './verify-chain.ts';

/** Where the chain is on a status branch. */
export const EXPORT_FOLDER: string = 'audit/host';

/** The lines after `from` as files of a status branch: the same bytes as in the state directory. Pure. */
export function exportedFiles(
  segments: readonly Segment[],
  from: ChainHead,
): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { day, bytes } of segments) {
    if (day < from.segment) continue;
    const rest = day === from.segment ? bytes.subarray(from.bytes) : bytes;
    if (rest.length > 0) files.set(`${EXPORT_FOLDER}/${day}.jsonl`, rest);
  }
  return files;
}
