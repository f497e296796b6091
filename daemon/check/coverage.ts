import { partOfPack } from '../commands/restic-packs.ts';

/** Which parts of a repository's data were read, and what of it is damaged. */
export interface Coverage {
  /** Into how many parts the data is divided. */
  readonly of: number;
  /** When each part was read and found good in the round that goes on, by its number. UTC, ISO 8601. */
  readonly read: Readonly<Record<string, string>>;
  /** When the round began; absent between two of them. */
  readonly since?: string;
  /** When the last round ended: until then every part was read once. */
  readonly completedAt?: string;
  /** Ids of packs that were found damaged and not found good since. */
  readonly damaged: readonly string[];
}

/** How much of the data was read in the round that goes on. */
export interface Covered {
  /** Parts that hold anything, and how many of them were read. An empty part counts for nothing. */
  readonly parts: number;
  readonly done: number;
}

/** Of a repository that nothing is known of yet. Pure. */
export function noCoverage(of: number): Coverage {
  return { of, read: {}, damaged: [] };
}

/** The round that goes on: one whose missing parts have no packs any more, because they were pruned, is over. Pure. */
export function currentRound(coverage: Coverage, packs: readonly string[]): Coverage {
  const { of, read, since, damaged } = coverage;
  const { parts, done } = coveredOf(coverage, packs);
  if (since === undefined || parts === 0 || done < parts) return coverage;
  return { of, read: {}, damaged, completedAt: Object.values(read).toSorted().at(-1) ?? since };
}

/** The parts to read now: of those that hold packs, the next that were not read in this round. Pure. */
export function nextParts(coverage: Coverage, packs: readonly string[], count: number): readonly number[] {
  return filledParts(packs, coverage.of)
    .filter((part) => !Object.hasOwn(coverage.read, String(part)))
    .slice(0, count);
}

/** What is known after parts were read and found good. Pure. */
export function afterReading(
  coverage: Coverage,
  done: { readonly parts: readonly number[]; readonly packs: readonly string[]; readonly at: string },
): Coverage {
  const { since = done.at } = coverage;
  if (done.parts.length === 0) return coverage;
  const read = { ...coverage.read, ...Object.fromEntries(done.parts.map((part) => [String(part), done.at])) };
  const next = { ...coverage, read, since };
  return currentRound(next, done.packs);
}

/** How much was read in the round that goes on. Pure. */
export function coveredOf({ of, read }: Coverage, packs: readonly string[]): Covered {
  const filled = filledParts(packs, of);
  return {
    parts: filled.length,
    done: filled.filter((part) => Object.hasOwn(read, String(part))).length,
  };
}

/** Reads what was remembered; undefined for what this version does not understand. Pure. */
export function parseCoverage(value: unknown): Coverage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { of, read, since, completedAt, damaged } = value as Readonly<Record<string, unknown>>;
  if (typeof of !== 'number' || !Number.isSafeInteger(of) || of < 1 || of > 256) return undefined;
  if (!isTimes(read) || !isPacks(damaged)) return undefined;
  return {
    of,
    read,
    damaged,
    ...(typeof since === 'string' ? { since } : {}),
    ...(typeof completedAt === 'string' ? { completedAt } : {}),
  };
}

function filledParts(packs: readonly string[], of: number): readonly number[] {
  return [...new Set(packs.map((pack) => partOfPack(pack, of)))].toSorted((one, other) => one - other);
}

function isTimes(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([part, at]) => /^[0-9]{1,3}$/.test(part) && typeof at === 'string');
}

function isPacks(value: unknown): value is readonly string[] {
  if (!Array.isArray(value)) return false;
  return value.every((pack: unknown) => typeof pack === 'string' && /^[0-9a-f]{64}$/.test(pack));
}
