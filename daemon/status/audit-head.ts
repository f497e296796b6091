import type { Status } from '../../state-schema/generated/status.ts';
import type { ChainHead } from '../store/audit-entry.ts';

/** Where the audit stands, as a status tells it; nothing before its first line. Pure. */
export function auditHead(head: ChainHead | undefined): Pick<Status, 'audit'> {
  if (head === undefined || head.seq === 0) return {};
  return { audit: { seq: head.seq, head: head.hash, time: head.time } };
}
