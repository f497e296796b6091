import type { Store } from '../store/store.ts';

/** So many are listed; how many there are is known all the same. */
const LISTED = 100;
/** Fewer letters could mean another snapshot than the person meant. */
const SHORTEST_ID = 4;

/** How much a snapshot holds. */
export interface TreeSize {
  readonly files: number;
  readonly bytes: number;
}

/** A snapshot that may lack files. */
export interface Suspect extends TreeSize {
  /** Counts up over all suspects of a policy, from 1: the order in which they were found, whatever the clock said. */
  readonly number: number;
  /** As restic gave it: 8 hex digits or 64. */
  readonly snapshot: string;
  /** When its run began. UTC, ISO 8601. */
  readonly at: string;
  readonly why: string;
}

/** What a person said of suspects. */
export interface AcceptedSuspect extends TreeSize {
  /** This one and those before it are trusted. */
  readonly upTo: number;
  /** From its time and size on later snapshots are judged. */
  readonly at: string;
}

/** All that is remembered of a policy's doubtful snapshots. */
export interface Suspicion {
  /** Suspects that nobody has accepted, oldest first. While there is one, nothing is forgotten or pruned. */
  readonly open: readonly Suspect[];
  readonly accepted?: AcceptedSuspect;
}

type Facts = Pick<Store, 'fact' | 'saveFact'>;

/** Reads what is remembered: the facts `policy.suspects.NAME`, which runs write, and `policy.accepted.NAME`, which people do. */
export async function readSuspicion(store: Pick<Store, 'fact'>, policy: string): Promise<Suspicion> {
  const found = await suspectsOf(store, policy);
  const text = await store.fact(acceptedFact(policy));
  if (text === undefined) return { open: found };
  const accepted = parseAccepted(text);
  // What cannot be read accepts nothing.
  if (accepted === undefined) return { open: found };
  return { open: found.filter(({ number }) => number > accepted.upTo), accepted };
}

/** Remembers a suspect. Only for the run of the policy, which holds its lock: two at once could lose one. */
export async function addSuspect(
  store: Facts,
  policy: string,
  suspect: Omit<Suspect, 'number'>,
): Promise<void> {
  const known = await suspectsOf(store, policy);
  const number = (known.at(-1)?.number ?? 0) + 1;
  await store.saveFact(
    suspectsFact(policy),
    JSON.stringify([...known, { ...suspect, number }].slice(-LISTED)),
  );
}

/**
 * Trusts the suspect of that id, or of an id that begins so, and those before it, because a person said so; undefined
 * when no open one has it.
 */
export async function acceptSuspect(store: Facts, policy: string, id: string): Promise<Suspect | undefined> {
  const { open } = await readSuspicion(store, policy);
  const found = id.length < SHORTEST_ID ? undefined : open.findLast((one) => isSame(one.snapshot, id));
  if (found === undefined) return undefined;
  const { number: upTo, at, files, bytes } = found;
  const accepted: AcceptedSuspect = { upTo, at, files, bytes };
  await store.saveFact(acceptedFact(policy), JSON.stringify(accepted));
  return found;
}

/** restic 0.14 tells eight digits, and a person has copied all of them from elsewhere, or fewer. */
function isSame(snapshot: string, id: string): boolean {
  return snapshot.startsWith(id) || (snapshot.length >= 8 && id.startsWith(snapshot));
}

async function suspectsOf(store: Pick<Store, 'fact'>, policy: string): Promise<readonly Suspect[]> {
  const text = await store.fact(suspectsFact(policy));
  if (text === undefined) return [];
  const list: unknown = JSON.parse(text);
  // Not passed over: then what they block would no longer be blocked.
  if (!Array.isArray(list) || !list.every(isSuspect))
    throw new Error(`the fact ${suspectsFact(policy)} of the store cannot be read: ${text.slice(0, 100)}`);
  return list;
}

function isSuspect(value: unknown): value is Suspect {
  if (typeof value !== 'object' || value === null) return false;
  const { number, snapshot, at, why, files, bytes } = value as Readonly<Record<string, unknown>>;
  return (
    isCount(number) &&
    [snapshot, at, why].every((text) => typeof text === 'string') &&
    isCount(files) &&
    isCount(bytes)
  );
}

function parseAccepted(text: string): AcceptedSuspect | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { upTo, at, files, bytes } = value as Readonly<Record<string, unknown>>;
  if (!isCount(files) || !isCount(bytes)) return undefined;
  return isCount(upTo) && typeof at === 'string' ? { files, bytes, upTo, at } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function suspectsFact(policy: string): string {
  return `policy.suspects.${policy}`;
}

function acceptedFact(policy: string): string {
  return `policy.accepted.${policy}`;
}
