import { appendLines, EMPTY_CHAIN } from '../../daemon/audit/chain.ts';
import type { Segment } from '../../daemon/audit/verify-chain.ts';
import { pendingBytes } from '../../daemon/audit/with-pending.ts';
import type { AuditLine, ChainHead } from '../../daemon/store/audit-entry.ts';

/** A chain of `perDay` lines on each of some days, from 2026-11-21 on: its files and where it ends. */
export function chainOf(
  days: number,
  perDay: number,
): {
  readonly lines: readonly AuditLine[];
  readonly segments: readonly Segment[];
  readonly head: ChainHead;
} {
  const lines: AuditLine[] = [];
  for (let day = 0; day < days; day++) {
    const before = lines.at(-1)?.head ?? EMPTY_CHAIN;
    const facts = Array.from({ length: perDay }, (_, index) => ({
      kind: 'guard.passed' as const,
      facts: { volume: `v${day}.${index}` },
    }));
    lines.push(...appendLines(before, facts, new Date(Date.UTC(2026, 10, 21 + day, 12))));
  }
  const head = lines.at(-1)?.head ?? EMPTY_CHAIN;
  return { lines, segments: segmentsOf(lines), head };
}

/** Lines as the files that hold them. */
export function segmentsOf(lines: readonly AuditLine[]): readonly Segment[] {
  return pendingBytes(lines).map(({ day, bytes }) => ({ day, bytes }));
}

/** A segment with its lines as texts changed. */
export function edited(
  segment: Segment | undefined,
  change: (lines: readonly string[]) => readonly string[],
): Segment {
  if (segment === undefined) throw new Error('there is no such segment');
  const lines = Buffer.from(segment.bytes).toString().split('\n').slice(0, -1);
  const text = change(lines)
    .map((line) => `${line}\n`)
    .join('');
  return { day: segment.day, bytes: Buffer.from(text) };
}
