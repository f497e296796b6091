import type { AuditLine, ChainHead } from '../store/audit-entry.ts';
import { isRemains } from './remains.ts';
import type { Segment } from './verify-chain.ts';

/**
 * The chain as the store knows it: what is in the files, and behind it the lines that are not known to be there. What a
 * crash left of writing just those is no part of it. A file that is too short stays so, for whoever looks at it. Pure.
 */
export function withPending(onDisk: readonly Segment[], pending: readonly AuditLine[]): readonly Segment[] {
  const byDay = new Map(onDisk.map(({ day, bytes }) => [day, bytes]));
  for (const { day, at, bytes } of pendingBytes(pending)) {
    const found = byDay.get(day) ?? new Uint8Array();
    if (found.length < at) return onDisk;
    const rest = found.subarray(at);
    byDay.set(day, Buffer.concat(isRemains(rest, bytes) ? [found.subarray(0, at), bytes] : [found, bytes]));
  }
  return [...byDay]
    .map(([day, bytes]) => ({ day, bytes }))
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

/** Lines for the end of one file. */
export interface PendingBytes {
  readonly day: string;
  /** Where they begin in it. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** After the last of them. */
  readonly end: ChainHead;
}

/** Lines by the file they belong to, in order. Pure. */
export function pendingBytes(lines: readonly AuditLine[]): readonly PendingBytes[] {
  const days = new Set(lines.map(({ head }) => head.segment));
  return [...days].flatMap((day) => {
    const own = lines.filter(({ head }) => head.segment === day);
    const end = own.at(-1)?.head;
    if (end === undefined) return [];
    const bytes = Buffer.from(own.map(({ text }) => `${text}\n`).join(''));
    return [{ day, at: end.bytes - bytes.length, bytes, end }];
  });
}
