// Generated from schemas/history.schema.json by `npm run generate`. Do not edit.

export type RunOutcome = 'ok' | 'partial' | 'failed' | 'refused' | 'cancelled' | 'skipped';
/**
 * Why a condition, resource or policy is as it is. Closed; one sentence each in state-schema/reasons.ts.
 */
export type Reason =
  | 'AllInSync'
  | 'Applying'
  | 'Starting'
  | 'Succeeded'
  | 'FetchFailed'
  | 'AuthenticationFailed'
  | 'HostKeyUnknown'
  | 'HostKeyChanged'
  | 'CertificateRefused'
  | 'FetchTooLarge'
  | 'BranchMissing'
  | 'RepositoryEmpty'
  | 'HostMissing'
  | 'RewriteRefused'
  | 'MirrorDamaged'
  | 'VerificationNotRequired'
  | 'SignaturesGood'
  | 'NotSigned'
  | 'SignatureBad'
  | 'SignerNotAllowed'
  | 'SignatureExpired'
  | 'SignersUnusable'
  | 'TooManyCommits'
  | 'HistoryIncomplete'
  | 'RevisionInvalid'
  | 'RevisionUnreadable'
  | 'RolledBack'
  | 'RollbackIncomplete'
  | 'ResourcesFailed'
  | 'ResourcesWaiting'
  | 'DriftRepaired'
  | 'NoDrift'
  | 'PutRight'
  | 'Flapping'
  | 'GuardFailed'
  | 'GuardsPassed'
  | 'NotMounted'
  | 'WrongIdentity'
  | 'SentinelMissing'
  | 'SentinelWrong'
  | 'NotAdopted'
  | 'ReadOnly'
  | 'DiskErrors'
  | 'BelowMinimumFree'
  | 'NoVolumes'
  | 'NotADirectory'
  | 'NotALink'
  | 'SymbolicLinkInPath'
  | 'NotPermitted'
  | 'NoSpace'
  | 'NoSuchUser'
  | 'InputOutputError'
  | 'DependencyFailed'
  | 'NotDeclared'
  | 'OwnerSimulated'
  | 'ShareSimulated'
  | 'NotCarriedOutYet'
  | 'SectionTaken'
  | 'ConfigurationRefused'
  | 'ServerNotRunning'
  | 'NotServed'
  | 'Scheduled'
  | 'Running'
  | 'NotRunning'
  | 'Overdue'
  | 'NeverRun'
  | 'BackupsFresh'
  | 'BackupFailed'
  | 'BackupPartial'
  | 'NoBackups'
  | 'NotInitialised'
  | 'ProgramMissing'
  | 'ProgramFailed'
  | 'RepositoryMissing'
  | 'RepositoryLocked'
  | 'RemoteMissing'
  | 'RemoteUnreachable'
  | 'BucketMissing'
  | 'SecretUnavailable'
  | 'SecretStale'
  | 'RepositoryChanged'
  | 'WrongPassword'
  | 'SecretMissing'
  | 'SourceMissing'
  | 'SourceUnreadable'
  | 'TimedOut'
  | 'Interrupted'
  | 'Cancelled'
  | 'LockHeld'
  | 'ForgetFailed'
  | 'Suspended'
  | 'NotSuspended'
  | 'NotStalled'
  | 'NotChecked'
  | 'NeverProved'
  | 'Proved'
  | 'ProofFailed'
  | 'ProofPartial'
  | 'NoDrills'
  | 'RepositoryDamaged'
  | 'SnapshotMissing'
  | 'TargetRefused'
  | 'RestorePartial'
  | 'ManifestFailed'
  | 'SnapshotSuspect'
  | 'FreezeFailed'
  | 'FirstRun'
  | 'LimitExceeded'
  | 'SourceShrunk'
  | 'MirrorPartial'
  | 'PlanUnknown'
  | 'ClockInStep'
  | 'ClockUnsynchronised'
  | 'ClockBehind'
  | 'ClockJumped'
  | 'Published'
  | 'PublishPending'
  | 'PublishFailed'
  | 'Offline'
  | 'BranchTaken'
  | 'AuditIntact'
  | 'AuditTampered'
  | 'AuditBehind'
  | 'NotDelivered'
  | 'AddressRefused'
  | 'StoreDamaged'
  | 'StoreTooNew'
  | 'StoreUnavailable'
  | 'SecretRefused'
  | 'InternalError';

/**
 * What happened: history.json on the status branch, and `anchord history --json`.
 */
export interface History {
  version: 1;
  host: string;
  /**
   * Runs of the last 30 days by policy, newest first.
   */
  policies: {
    [k: string]: Run[];
  };
  /**
   * The last 50 passes that changed, failed or refused something, newest first.
   */
  passes: Pass[];
}
/**
 * One execution of a policy that has ended.
 */
export interface Run {
  id: string;
  policy: string;
  trigger: 'schedule' | 'catch-up' | 'person';
  /**
   * The slot this run stands for, when a schedule started it.
   */
  scheduledFor?: string;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  startedAt: string;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  endedAt: string;
  outcome: RunOutcome;
  reason?: Reason;
  message?: string;
  /**
   * restic snapshot id.
   */
  snapshot?: string;
  files?: number;
  bytes?: number;
  /**
   * Directories that a graduation moved.
   */
  moved?: number;
  bytesAdded?: number;
  /**
   * Snapshots forgotten after a backup, objects that a mirror deleted, or entries that a purge removed.
   */
  removed?: number;
  /**
   * Paths a partial backup could not read; 20 at the most.
   */
  unreadable?: string[];
}
/**
 * One walk from revision to host.
 *
 * This interface was referenced by `History`'s JSON-Schema
 * via the `definition` "Pass".
 */
export interface Pass {
  id: string;
  revision?: string;
  startedAt: string;
  endedAt: string;
  result: 'applied' | 'incomplete' | 'refused';
  /**
   * Resources made or altered because the revision says so.
   */
  changed: number;
  /**
   * Resources put back after something else changed them.
   */
  repaired: number;
  failed: number;
  waiting: number;
  /**
   * What was put back, 20 at the most; `repaired` counts all.
   */
  repairs?: Repair[];
  reason?: string;
  message?: string;
}
/**
 * A resource that something else had changed, and what was put back.
 *
 * This interface was referenced by `History`'s JSON-Schema
 * via the `definition` "Repair".
 */
export interface Repair {
  /**
   * Kind and name, for example directory:/flux/active.
   */
  id: string;
  /**
   * From what was found to what is wanted, for example: mode 0700 → 2775.
   */
  what: string;
}
