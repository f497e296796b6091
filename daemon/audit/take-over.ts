import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isoSeconds } from '../clock.ts';
import type { ChainHead } from '../store/audit-entry.ts';
import { firstBase } from './first-base.ts';
import { readSegments } from './segment-files.ts';
import { verifyChain } from './verify-chain.ts';

/** What files there are for a store that knows of no chain. */
export type TakeOver =
  | { readonly kind: 'none' }
  /** A whole chain, which goes on. */
  | { readonly kind: 'found'; readonly base: ChainHead; readonly head: ChainHead }
  /** No whole chain: the folder now has the name `aside`, with nothing in it changed. */
  | { readonly kind: 'aside'; readonly aside: string; readonly fault: string };

/** Looks what a new store finds in the audit's folder. A damaged chain is put aside: it must be neither lost nor gone on with. */
export async function takeOver(folder: string, now: Date): Promise<TakeOver> {
  const segments = await readSegments(folder);
  if (segments.length === 0) return { kind: 'none' };
  const base = firstBase(segments);
  const verdict = verifyChain(segments, { base });
  if (verdict.kind === 'ok') return { kind: 'found', base, head: verdict.head };
  const aside = `${isoSeconds(now).replaceAll(/[^0-9TZ]/g, '')}-damaged`;
  await rename(folder, join(dirname(folder), aside));
  return { kind: 'aside', aside, fault: verdict.kind };
}
