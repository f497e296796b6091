import type { ChainHead } from '../store/audit-entry.ts';
import { lineHash, segmentOf } from './chain.ts';
import { linesOf, readLine, type ReadLine } from './read-line.ts';
import type { ChainFault, ChainPlace, ChainVerdict } from './verdict.ts';

/** One file of a chain. */
export interface Segment {
  /** Its day, `YYYY/MM/DD`. */
  readonly day: string;
  readonly bytes: Uint8Array;
}

/** What a chain is held against. */
export interface ChainExpectation {
  /** Where it begins: `EMPTY_CHAIN`, or after lines that were given up. */
  readonly base: ChainHead;
  /** Where it must end; absent where nobody knows. */
  readonly head?: ChainHead;
}

/** Called with each line that follows from those before it. */
export type OnLine = (line: {
  readonly seq: number;
  readonly hash: string;
  readonly place: ChainPlace;
}) => void;

/** Looks at every line of a chain, its files in order, and stops at the first that is wrong. Pure. */
export function verifyChain(
  segments: readonly Segment[],
  expectation: ChainExpectation,
  onLine: OnLine = () => {},
): ChainVerdict {
  const walk: Walk = {
    head: expectation.base,
    place: { segment: expectation.base.segment, line: 0 },
    lines: 0,
    onLine,
  };
  for (const [index, segment] of segments.entries()) {
    const fault =
      walkSegment(walk, segment) ??
      tornFault(walk, segment, index === segments.length - 1 ? expectation : undefined);
    if (fault !== undefined) return { ...fault, right: { lines: walk.lines, segments: index } };
  }
  const fault = endFault(walk, expectation);
  const right = { lines: walk.lines, segments: segments.length };
  return fault === undefined ? { kind: 'ok', head: walk.head, ...right } : { ...fault, right };
}

type Found = Omit<ChainFault, 'right'>;

interface Walk {
  /** After the last line that was right. */
  head: ChainHead;
  place: ChainPlace;
  lines: number;
  readonly onLine: OnLine;
}

function walkSegment(walk: Walk, segment: Segment): Found | undefined {
  const { whole } = linesOf(segment.bytes);
  for (const [index, bytes] of whole.entries()) {
    const place = { segment: segment.day, line: index + 1 };
    const fault = walkLine(walk, { bytes, place, later: () => whole.slice(index + 1) });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Bytes behind the last newline. `end`: what is expected, when this is the last file. */
function tornFault(
  walk: Walk,
  { day, bytes }: Segment,
  end: ChainExpectation | undefined,
): Found | undefined {
  const { whole, rest } = linesOf(bytes);
  if (rest.length === 0) return undefined;
  const wasMore = end?.head === undefined || walk.head.seq < end.head.seq;
  const kind = end === undefined ? 'malformed' : wasMore ? 'truncated' : 'extra';
  const at = { segment: day, line: whole.length + 1 };
  return { kind, at, found: `${rest.length} bytes without a newline`, expected: 'a whole line, or none' };
}

function walkLine(
  walk: Walk,
  {
    bytes,
    place,
    later,
  }: { readonly bytes: Uint8Array; readonly place: ChainPlace; readonly later: () => readonly Uint8Array[] },
): Found | undefined {
  const line = readLine(bytes);
  if (line === undefined)
    return {
      kind: 'malformed',
      at: place,
      found: excerpt(bytes),
      expected: 'one canonical JSON object of the audit',
    };
  const fault =
    orderFault(walk, line, { place, later }) ?? linkFault(walk, line, place) ?? dayFault(walk, line, place);
  if (fault !== undefined) return fault;
  const isSame = walk.head.segment === place.segment;
  const hash = lineHash(bytes);
  walk.head = {
    seq: line.seq,
    hash,
    time: line.time,
    segment: place.segment,
    bytes: (isSame && place.line > 1 ? walk.head.bytes : 0) + bytes.length + 1,
  };
  walk.place = place;
  walk.lines += 1;
  walk.onLine({ seq: line.seq, hash, place });
  return undefined;
}

function orderFault(
  walk: Walk,
  line: ReadLine,
  { place, later }: { readonly place: ChainPlace; readonly later: () => readonly Uint8Array[] },
): Found | undefined {
  const next = walk.head.seq + 1;
  if (line.seq === next) return undefined;
  const fault = { at: place, found: `number ${line.seq}`, expected: `number ${next}` };
  if (line.seq < next) return { kind: 'inserted', ...fault };
  const isLater = later().some((bytes) => readLine(bytes)?.seq === next);
  return { kind: isLater ? 'reordered' : 'gap', ...fault };
}

function linkFault(walk: Walk, line: ReadLine, place: ChainPlace): Found | undefined {
  if (line.prev === walk.head.hash) return undefined;
  // Which of the two lines was changed cannot be seen from here; the head or another copy of the chain can tell.
  const isFirst = walk.place.line === 0 || walk.place.segment !== place.segment;
  return {
    kind: isFirst ? 'wrong-link' : 'edited',
    at: isFirst ? place : walk.place,
    found: `bytes with the SHA-256 ${walk.head.hash}`,
    expected: `${line.prev}, to which line ${place.line} of ${place.segment} is linked`,
  };
}

function dayFault(walk: Walk, line: ReadLine, place: ChainPlace): Found | undefined {
  const day = segmentOf(line.time, walk.head.segment);
  if (day === place.segment) return undefined;
  return {
    kind: 'wrong-segment',
    at: place,
    found: `a line of ${line.time}`,
    expected: `the file of ${day} for it`,
  };
}

function endFault(walk: Walk, { head }: ChainExpectation): Found | undefined {
  if (head === undefined || (head.seq === walk.head.seq && head.hash === walk.head.hash)) return undefined;
  const expected = `line number ${head.seq} with the SHA-256 ${head.hash} at the end`;
  const found = `number ${walk.head.seq} with ${walk.head.hash}`;
  if (walk.head.seq < head.seq) return { kind: 'truncated', at: walk.place, found, expected };
  if (walk.head.seq > head.seq) return { kind: 'extra', at: walk.place, found, expected };
  return { kind: 'edited', at: walk.place, found, expected };
}

function excerpt(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 80)).toString());
}
