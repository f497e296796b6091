import type { RemovalLimit } from '../../../state-schema/generated/state-file.ts';
import { parsePercent } from '../../../state-schema/units.ts';

/** Without a limit in the state repo: so many entries, or that share of all, whichever is more. */
const DEFAULT_LIMIT = { entries: 20, share: 0.1 } as const;

/** A removal as its limits see it. */
export interface RemovalSize {
  /** Entries that would go. */
  readonly entries: number;
  /** Entries that there are, those that would go among them. */
  readonly of: number;
}

/** The most entries that may go at once of so many. Pure. */
export function mostRemoved(limit: RemovalLimit | undefined, of: number): number {
  if (typeof limit === 'number') return limit;
  if (limit !== undefined) return Math.floor(parsePercent(limit) * of);
  return Math.max(DEFAULT_LIMIT.entries, Math.floor(DEFAULT_LIMIT.share * of));
}

/** Why a removal is more than its limit lets go at once, as a sentence; undefined when it is not. Pure. */
export function overLimit(limit: RemovalLimit | undefined, size: RemovalSize): string | undefined {
  const most = mostRemoved(limit, size.of);
  if (size.entries <= most) return undefined;
  return `${size.entries} of ${size.of} entries would go, and ${limitWords(limit)} may go at once, here ${most}`;
}

function limitWords(limit: RemovalLimit | undefined): string {
  if (limit === undefined) return '20 or 10 %, whichever is more,';
  return typeof limit === 'number' ? `${limit}` : `${limit.replace('%', ' %')}`;
}
