import type { ChainHead } from '../store/audit-entry.ts';
import { EXPORT_FOLDER } from './exported-files.ts';
import { firstBase } from './first-base.ts';
import type { PublishedAudit } from './published-audit.ts';
import type { BranchFaultKind, ChainFault } from './verdict.ts';
import { verifyChain, type Segment } from './verify-chain.ts';

/** What the remote has. */
export interface BranchSeen {
  readonly tip: string;
  /** Newest first; `trailer` is `SEQ HASH`, the hash at least by its first half. */
  readonly commits: readonly { readonly commit: string; readonly trailer?: string }[];
  /** Files of the tip, by path from its root. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What the host knows. */
export interface HostKnown {
  /** After the last line that was given up: what the branch says of earlier ones cannot be compared. */
  readonly base: ChainHead;
  readonly head: ChainHead;
  readonly segments: readonly Segment[];
  /** What was published last, as it was remembered before the branch was looked at. */
  readonly published?: PublishedAudit;
}

/** Something in which the branch belies the host. */
export type BranchFault =
  | { readonly kind: BranchFaultKind; readonly found: string; readonly expected: string }
  | ChainFault;

/** Holds a status branch against the host's chain. `seq`: the last line that the branch has. Pure. */
export function compareBranch(
  seen: BranchSeen | undefined,
  known: HostKnown,
): { readonly seq: number; readonly fault?: BranchFault } {
  const { published } = known;
  if (seen === undefined) {
    if (published === undefined) return { seq: 0 };
    return { seq: 0, fault: fault('branch-missing', 'no such branch', `commit ${published.commit}`) };
  }
  const hashes = hashesOf(known);
  const branch = segmentsOf(seen.files);
  const verdict = verifyChain(branch, { base: firstBase(branch) });
  const seq = verdict.kind === 'ok' ? verdict.head.seq : 0;
  const found =
    historyFault(seen, published) ??
    commitFault(seen, known, hashes) ??
    (verdict.kind === 'ok' ? undefined : verdict) ??
    linesFault(branch, known, hashes) ??
    lengthFault(branch, seq, published);
  return found === undefined ? { seq } : { seq, fault: found };
}

/** The chain's lines by number. What is behind a line that is wrong is not known; `verifyChain` says that of its own. */
function hashesOf({ segments, base }: HostKnown): ReadonlyMap<number, string> {
  const hashes = new Map<number, string>([[base.seq, base.hash]]);
  verifyChain(segments, { base }, ({ seq, hash }) => hashes.set(seq, hash));
  return hashes;
}

function segmentsOf(files: ReadonlyMap<string, Uint8Array>): readonly Segment[] {
  return [...files]
    .flatMap(([path, bytes]) => {
      const day = /^(\d{4}\/\d\d\/\d\d)\.jsonl$/.exec(path.slice(EXPORT_FOLDER.length + 1))?.[1];
      return day === undefined ? [] : [{ day, bytes }];
    })
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

function historyFault(
  { tip, commits }: BranchSeen,
  published: PublishedAudit | undefined,
): BranchFault | undefined {
  if (published === undefined || commits.some(({ commit }) => commit === published.commit)) return undefined;
  const expected = `commit ${published.commit}, which was published last, in its history`;
  return fault('branch-rewritten', `a branch at ${tip} without it`, expected);
}

/** Each commit says where the chain stood when it was made: the whole history vouches for the lines, not its last tree alone. */
function commitFault(
  { commits }: BranchSeen,
  known: HostKnown,
  hashes: ReadonlyMap<number, string>,
): BranchFault | undefined {
  let newer = Number.MAX_SAFE_INTEGER;
  for (const { commit, trailer } of commits) {
    const [, digits, hash] = /^(\d{1,15}) ([0-9a-f]{32,64})$/.exec(trailer ?? '') ?? [];
    if (digits === undefined || hash === undefined) continue;
    const seq = Number(digits);
    const told = `commit ${commit} says that line ${seq} was ${hash}`;
    if (seq > known.head.seq) return fault('branch-ahead', told, `at most line ${known.head.seq}`);
    if (seq > newer) return fault('branch-head', told, `at most line ${newer}, as a later commit says`);
    const own = hashes.get(seq);
    if (own?.startsWith(hash) === false) return fault('branch-head', told, `${own}, as it is on the host`);
    newer = seq;
  }
  return undefined;
}

function linesFault(
  branch: readonly Segment[],
  known: HostKnown,
  hashes: ReadonlyMap<number, string>,
): BranchFault | undefined {
  let found: BranchFault | undefined;
  verifyChain(branch, { base: firstBase(branch) }, ({ seq, hash, place }) => {
    const own = hashes.get(seq);
    if (found !== undefined || own === hash || (own === undefined && seq <= known.base.seq)) return;
    const told = `line ${place.line} of ${EXPORT_FOLDER}/${place.segment}.jsonl, number ${seq}, is ${hash}`;
    if (seq > known.head.seq) found = fault('branch-ahead', told, `at most line ${known.head.seq}`);
    else if (own !== undefined) found = fault('branch-differs', told, `${own}, as it is on the host`);
  });
  return found;
}

function lengthFault(
  branch: readonly Segment[],
  seq: number,
  published: PublishedAudit | undefined,
): BranchFault | undefined {
  if (published === undefined) return undefined;
  const from = firstBase(branch).seq + 1;
  if (seq < published.seq)
    return fault(
      'branch-truncated',
      `lines up to number ${seq}`,
      `up to ${published.seq}, which were published`,
    );
  if (from <= published.from) return undefined;
  return fault(
    'branch-truncated',
    `lines from number ${from} on`,
    `from ${published.from} on, which were published`,
  );
}

function fault(kind: BranchFaultKind, found: string, expected: string): BranchFault {
  return { kind, found, expected };
}
