import { parsePercent, parseSizeBytes } from '../../state-schema/units.ts';
import type { ReadSubset } from '../commands/restic-check.ts';

/** What `readData` of a check policy asks for. `turns`: `count` parts each time, of `of`, until all were read. */
export type ReadShare =
  | { readonly kind: 'turns'; readonly count: number; readonly of: number }
  | { readonly kind: 'once'; readonly subset: ReadSubset };

/** Reads `1/52`, `5%`, `10GiB`, `all`, or nothing. Throws a RangeError for anything else. Pure. */
export function readShare(readData: string | undefined): ReadShare {
  if (readData === undefined) return { kind: 'once', subset: { kind: 'none' } };
  if (readData === 'all') return { kind: 'once', subset: { kind: 'all' } };
  const [, count, of] = /^([0-9]+)\/([0-9]+)$/.exec(readData) ?? [];
  if (count !== undefined && of !== undefined) return { kind: 'turns', count: Number(count), of: Number(of) };
  if (!readData.endsWith('%'))
    return { kind: 'once', subset: { kind: 'bytes', bytes: parseSizeBytes(readData) } };
  const percent = parsePercent(readData) * 100;
  return { kind: 'once', subset: percent === 0 ? { kind: 'none' } : { kind: 'percent', percent } };
}
