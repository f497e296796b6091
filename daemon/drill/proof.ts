import type { CopyProof } from '../../state-schema/generated/status.ts';
import type { Store } from '../store/store.ts';

/** What is remembered of the last drill of one copy, and of the last one that proved it. */
export interface ProofRecord {
  readonly last: Proof;
  /** Absent while no drill has proved it. */
  readonly lastGood?: Proof;
}

/** One drill of one copy. */
export interface Proof {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** The drill policy. */
  readonly by: string;
  /** From which the sample was drawn. */
  readonly seed: number;
  readonly verdict: 'good' | 'incomplete' | 'wrong';
  /** Files that came back as they were, bytes in them, and how many were compared byte by byte with something else. */
  readonly files: number;
  readonly bytes: number;
  readonly hashed: number;
}

/** What drills have found of a copy; undefined when none was made. */
export async function proofOf(store: Pick<Store, 'fact'>, policy: string): Promise<ProofRecord | undefined> {
  const text = await store.fact(nameOf(policy));
  try {
    return text === undefined ? undefined : parseRecord(JSON.parse(text));
  } catch {
    return undefined; // nothing that anchord wrote
  }
}

/** What the last drill that proved a copy found, for the status. */
export async function lastProof(store: Pick<Store, 'fact'>, policy: string): Promise<CopyProof | undefined> {
  const good = (await proofOf(store, policy))?.lastGood;
  if (good === undefined) return undefined;
  const { at, files, bytes, hashed } = good;
  return { at, files, bytes, hashed };
}

/** Remembers a drill. One that proved nothing does not take away what the last good one did. */
export async function rememberProof(
  store: Pick<Store, 'fact' | 'saveFact'>,
  policy: string,
  last: Proof,
): Promise<void> {
  const lastGood = last.verdict === 'good' ? last : (await proofOf(store, policy))?.lastGood;
  const record: ProofRecord = { last, ...(lastGood === undefined ? {} : { lastGood }) };
  await store.saveFact(nameOf(policy), JSON.stringify(record));
}

function nameOf(policy: string): string {
  return `proof:${policy}`;
}

function parseRecord(value: unknown): ProofRecord | undefined {
  if (!isObject(value)) return undefined;
  const last = parseProof(value['last']);
  const lastGood = parseProof(value['lastGood']);
  if (last === undefined) return undefined;
  return { last, ...(lastGood === undefined ? {} : { lastGood }) };
}

function parseProof(value: unknown): Proof | undefined {
  if (!isObject(value)) return undefined;
  const { at, by, seed, verdict, files, bytes, hashed } = value;
  if (typeof at !== 'string' || typeof by !== 'string' || !isCount(seed)) return undefined;
  if (verdict !== 'good' && verdict !== 'incomplete' && verdict !== 'wrong') return undefined;
  if (!isCount(files) || !isCount(bytes) || !isCount(hashed)) return undefined;
  return { at, by, seed, verdict, files, bytes, hashed };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
