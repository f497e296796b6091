import { parsePercent } from '../../state-schema/units.ts';
import type { TreeSize } from './suspects.ts';

/** Without `limits.shrink`: this share, when it is also more than a person deletes in an afternoon. */
const DEFAULT = { share: 0.2, files: 10, bytes: 10 * 1024 * 1024 } as const;

/** What a new snapshot is compared with. */
export interface ShrinkQuestion {
  readonly now: TreeSize;
  /** Recent snapshots of the same policy, each less what anchord itself has taken away since. */
  readonly before: readonly TreeSize[];
  /** `limits.shrink` of the policy, such as 20%. */
  readonly limit: string | undefined;
}

/** Why a snapshot holds too little, as half a sentence; undefined when it does not. Pure. */
export function shrink({ now, before, limit }: ShrinkQuestion): string | undefined {
  const files = median(before.map((size) => size.files));
  const bytes = median(before.map((size) => size.bytes));
  const share = limit === undefined ? DEFAULT.share : parsePercent(limit);
  const least = limit === undefined ? DEFAULT : { files: 0, bytes: 0 };
  if (now.files === 0 && files > 0) return `it holds no file, recent ones held ${files}`;
  const over = [
    ...lost({ now: now.files, usual: files, least: least.files, share, unit: 'files' }),
    ...lost({ now: now.bytes, usual: bytes, least: least.bytes, share, unit: 'bytes' }),
  ];
  return over.length === 0
    ? undefined
    : `it holds ${over.join(' and ')}; the limit is ${limit ?? '20%'} less than usual`;
}

function lost(one: {
  readonly now: number;
  readonly usual: number;
  readonly least: number;
  readonly share: number;
  readonly unit: string;
}): readonly string[] {
  const drop = one.usual - one.now;
  if (drop <= one.usual * one.share || drop <= one.least) return [];
  return [`${one.now} ${one.unit} instead of ${one.usual}`];
}

/** The lower one of two in the middle; 0 of nothing, which nothing is less than. */
function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0;
}
