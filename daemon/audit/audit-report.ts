import type { Fault } from '../errors.ts';
import type { ChainHead } from '../store/audit-entry.ts';
import { chainFault } from './chain-fault.ts';
import type { BranchFaultKind, ChainFaultKind, ChainVerdict } from './verdict.ts';

/** One thing that is wrong with an audit. */
export interface AuditFault extends Fault {
  readonly kind: ChainFaultKind | BranchFaultKind;
  /** File below audit/host/ and line, where it has a place. */
  readonly segment?: string;
  readonly line?: number;
  readonly found: string;
  readonly expected: string;
}

/** What looking at an audit came to: `anchord audit verify --json`. */
export interface AuditReport {
  readonly kind: 'verified';
  /** The folder that was looked at. */
  readonly folder: string;
  /** The last line, as it is remembered; absent when only files were there to go by. */
  readonly head?: Pick<ChainHead, 'seq' | 'hash' | 'time'>;
  /** Number of the first line that is still there. */
  readonly from: number;
  /** How many lines and files were right. */
  readonly lines: number;
  readonly segments: number;
  /** The status branch, where it was asked for; absent too when nothing was ever published. */
  readonly branch?: { readonly commit: string; readonly seq: number; readonly commits: number };
  /** Empty: nothing is wrong. */
  readonly faults: readonly AuditFault[];
}

/** The verdict on a folder of files as a report. Pure. */
export function chainReport(
  verdict: ChainVerdict,
  about: {
    readonly folder: string;
    readonly host: string;
    readonly base: ChainHead;
    readonly head?: ChainHead;
  },
): AuditReport {
  const { folder, base } = about;
  const head = about.head ?? (verdict.kind === 'ok' ? verdict.head : undefined);
  const whole = {
    kind: 'verified',
    folder,
    from: base.seq + 1,
    ...(head === undefined ? {} : { head: { seq: head.seq, hash: head.hash, time: head.time } }),
  } as const;
  if (verdict.kind === 'ok')
    return { ...whole, lines: verdict.lines, segments: verdict.segments, faults: [] };
  const { kind, at, found, expected } = verdict;
  const fault = { kind, segment: at.segment, line: at.line, found, expected, ...chainFault(verdict, about) };
  return { ...whole, lines: verdict.right.lines, segments: verdict.right.segments, faults: [fault] };
}
