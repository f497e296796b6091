import type { ChainHead } from '../store/audit-entry.ts';
import { EMPTY_CHAIN } from './chain.ts';
import { linesOf, readLine } from './read-line.ts';
import type { Segment } from './verify-chain.ts';

/** Where a chain says of itself that it begins, for whoever has nothing else to go by. Pure. */
export function firstBase([first]: readonly Segment[]): ChainHead {
  const [bytes] = first === undefined ? [] : linesOf(first.bytes).whole;
  const line = bytes === undefined ? undefined : readLine(bytes);
  if (line === undefined || line.seq === 1) return EMPTY_CHAIN;
  return { ...EMPTY_CHAIN, seq: line.seq - 1, hash: line.prev };
}
