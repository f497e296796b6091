import type { Fault } from '../errors.ts';
import type { ChainFault, ChainFaultKind } from './verdict.ts';

const WORDS: Readonly<Record<ChainFaultKind, string>> = {
  malformed: 'is no line of the audit',
  edited: 'was changed',
  reordered: 'is not in its place',
  inserted: 'was put in',
  gap: 'does not follow the line before it: lines are missing',
  'wrong-link': 'is not linked to the last line of the file before',
  'wrong-segment': 'does not belong into this file',
  truncated: 'is the last one, but there were more',
  extra: 'is one that was never written',
};

/** A broken chain as a fault: where, what was found, what was expected, what to do. Pure. */
export function chainFault(
  { kind, at, found, expected }: ChainFault,
  chain: { readonly host: string; readonly folder: string },
): Fault {
  const place = at.segment === '' ? chain.folder : `${chain.folder}/${at.segment}.jsonl`;
  const line = at.line === 0 ? `no line of ${place} is there` : `line ${at.line} of ${place} ${WORDS[kind]}`;
  const file = at.segment === '' ? 'audit/host' : `audit/host/${at.segment}.jsonl`;
  return {
    reason: 'AuditTampered',
    message: `${line}: found ${found}, expected ${expected}`,
    next: `keep a copy of what is there, then compare with the status branch: anchord audit verify --remote; git show origin/anchord-status/${chain.host}:${file}`,
  };
}
