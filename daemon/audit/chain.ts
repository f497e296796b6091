import { createHash } from 'node:crypto';
import { isoSeconds } from '../clock.ts';
import type { AuditLine, ChainHead } from '../store/audit-entry.ts';
import { canonicalJson, type CanonicalValue } from './canonical-json.ts';
import type { AuditFact } from './fact.ts';

/** What stands for the line before the first. */
export const GENESIS: string = '0'.repeat(64);

/** Where every chain begins. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS, time: '', segment: '', bytes: 0 };

/** No line is longer. Bytes, without the newline. */
export const LINE_LIMIT_BYTES: number = 64 * 1024;
/** No text in a line is longer. Characters. */
const TEXT_LIMIT = 500;

/** The line that tells of a fact, after a chain as it stands. Pure. */
export function appendLine(before: ChainHead, fact: AuditFact, time: Date): AuditLine {
  const written = isoSeconds(time);
  const rest = { kind: fact.kind, prev: before.hash, seq: before.seq + 1, time: written };
  const whole = canonicalJson({ ...rest, facts: bounded(fact.facts) });
  const isTooLong = Buffer.byteLength(whole) > LINE_LIMIT_BYTES;
  const text = isTooLong
    ? canonicalJson({ ...rest, facts: { omittedBytes: Buffer.byteLength(whole) } })
    : whole;
  const segment = segmentOf(written, before.segment);
  const start = segment === before.segment ? before.bytes : 0;
  const bytes = start + Buffer.byteLength(text) + 1;
  return { text, head: { seq: rest.seq, hash: lineHash(text), time: written, segment, bytes } };
}

/** The lines that tell of several facts, one after the other. Pure. */
export function appendLines(
  before: ChainHead,
  facts: readonly AuditFact[],
  time: Date,
): readonly AuditLine[] {
  const lines: AuditLine[] = [];
  for (const fact of facts) lines.push(appendLine(lines.at(-1)?.head ?? before, fact, time));
  return lines;
}

/**
 * The file a line belongs to: that of its UTC day, but never an older one than the line before it. A clock that was set
 * back goes on in the newest file, so that the order of the files is the order of the lines. Pure.
 */
export function segmentOf(time: string, before: string): string {
  const day = time.slice(0, 10).replaceAll('-', '/');
  return day > before ? day : before;
}

/** What the next line calls this one. Pure. */
export function lineHash(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}

function bounded(facts: AuditFact['facts']): Record<string, CanonicalValue> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) => (value === undefined ? [] : [[key, cut(value)]])),
  );
}

function cut(value: CanonicalValue): CanonicalValue {
  if (typeof value === 'string') return value.length > TEXT_LIMIT ? `${value.slice(0, TEXT_LIMIT)}…` : value;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly CanonicalValue[]).map(cut);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cut(member)]));
}
