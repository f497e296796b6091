import type { CanonicalValue } from './canonical-json.ts';

/** What the audit tells of. Closed: docs/audit.md says of each what its facts are. */
export type AuditKind =
  | 'audit.begun'
  | 'audit.continued'
  | 'audit.damaged'
  | 'daemon.started'
  | 'daemon.stopped'
  | 'daemon.stuck'
  | 'revision.trusted'
  | 'revision.rejected'
  | 'revision.quarantined'
  | 'rewrite.accepted'
  | 'mirror.healed'
  | 'pass.ended'
  | 'run.ended'
  | 'guard.failed'
  | 'guard.passed'
  | 'volume.adopted'
  | 'repository.remembered'
  | 'command'
  | 'auth.failed';

/** One thing that is worth a line of the audit. */
export interface AuditFact {
  readonly kind: AuditKind;
  /** Keys are ours; values may be anybody's. Absent and undefined are the same. */
  readonly facts: Readonly<Record<string, CanonicalValue | undefined>>;
}
