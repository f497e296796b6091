import { exportedFiles, EXPORT_FOLDER } from '../audit/exported-files.ts';
import { exportStart } from '../audit/export-start.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { rememberPublished } from '../audit/published-audit.ts';
import type { ChainHead } from '../store/audit-entry.ts';
import type { Store } from '../store/store.ts';

/**
 * Digits of the hash in a commit's message. Half of them, 128 bits, can be forged no better than all, and git stores the
 * message of a commit as a small difference to another only while little of it is random.
 */
const TRAILER_DIGITS = 32;

/** The audit's part of one status commit. */
export interface AuditExport {
  readonly head: ChainHead;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Stays as the branch has it. */
  readonly kept: readonly string[];
  readonly trailers: ReadonlyMap<string, string>;
  /** To be called once the commit has reached the remote. */
  readonly published: (commit: string) => Promise<void>;
}

/**
 * Every line that may be published, whatever was published before: nothing is lost when commits were squashed or the remote
 * was away. A chain that is not whole is not published: the branch may have the last good copy of it.
 */
export async function exportAudit(
  audit: AuditLog,
  store: Pick<Store, 'fact' | 'saveFact'>,
): Promise<AuditExport> {
  const snapshot = await audit.snapshot().catch(() => undefined);
  if (snapshot?.verdict.kind !== 'ok') return unchanged(audit.head);
  const { base, head, segments } = snapshot;
  const start = await exportStart(store);
  const from = start.seq > base.seq ? start : base;
  return {
    head,
    files: exportedFiles(segments, from),
    kept: [],
    trailers: new Map([['Audit-Head', `${head.seq} ${head.hash.slice(0, TRAILER_DIGITS)}`]]),
    published: (commit) =>
      rememberPublished(store, { commit, seq: head.seq, hash: head.hash, from: from.seq + 1 }),
  };
}

/** What is wrong is told by the condition `Audited`; the rest of the status goes on. */
function unchanged(head: ChainHead): AuditExport {
  return { head, files: new Map(), kept: [EXPORT_FOLDER], trailers: new Map(), published: async () => {} };
}
