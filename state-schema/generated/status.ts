// Generated from schemas/status.schema.json by `npm run generate`. Do not edit.

/**
 * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Time".
 */
export type Time = string;
/**
 * A commit of the state repo.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Sha".
 */
export type Sha = string;
/**
 * Why a condition, resource or policy is as it is. Closed; one sentence each in state-schema/reasons.ts.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Reason".
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
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "ConditionType".
 */
export type ConditionType =
  | 'Ready'
  | 'Fetched'
  | 'SourceVerified'
  | 'Applied'
  | 'Drifted'
  | 'Reconciling'
  | 'Stalled'
  | 'Suspended'
  | 'VolumesGuarded'
  | 'BackupsCurrent'
  | 'Proved'
  | 'ClockTrusted'
  | 'Audited'
  | 'StatusPublished';
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "ResourceKind".
 */
export type ResourceKind = 'volume' | 'directory' | 'link' | 'schedule' | 'share';
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "ResourceState".
 */
export type ResourceState =
  'in-sync' | 'changed' | 'drifted' | 'failed' | 'waiting' | 'orphaned' | 'simulated';
/**
 * `prune` is the part of a backup policy that has a schedule of its own; `state` is the backup of what anchord itself remembers.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "PolicyKind".
 */
export type PolicyKind =
  'backup' | 'prune' | 'state' | 'mirror' | 'graduate' | 'purge' | 'check' | 'drill' | 'tier';
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "RunOutcome".
 */
export type RunOutcome = 'ok' | 'partial' | 'failed' | 'refused' | 'cancelled' | 'skipped';

/**
 * What one host's daemon last said of itself: status.json on the status branch, and `anchord status --json`.
 */
export interface Status {
  /**
   * Version of this format.
   */
  version: 1;
  /**
   * Name of the host.
   */
  host: string;
  /**
   * When this was written.
   */
  generatedAt: string;
  /**
   * A reader who sees nothing newer for twice this long should say that the state is unknown. Seconds.
   */
  expectedEverySeconds: number;
  daemon: {
    version: string;
    startedAt: Time;
  };
  summary: Summary;
  source: Source;
  conditions: Condition[];
  /**
   * Why the newest revision was rejected; empty when it was not.
   */
  problems: StatusProblem[];
  resources: {
    /**
     * How many resources are in each state.
     */
    counts: {
      [k: string]: number;
    };
    /**
     * Everything that is not in sync, but no more than 2,000, worst first; and as many of the others as fit in 1,000 rows.
     */
    items: ResourceStatus[];
    /**
     * How many resources `items` leaves out.
     */
    omitted: number;
  };
  volumes: VolumeStatus[];
  policies: PolicyStatus[];
  audit?: AuditHead;
  /**
   * Where news goes, and whether it arrives; absent when nowhere.
   */
  notifications?: NotificationStatus[];
  /**
   * What the state repo declares and this version of anchord checks but does not do yet, for example `shares` or `policy space-mirror (mirror)`.
   */
  notCarriedOut: string[];
}
/**
 * One sentence for a person: the worst thing first, why, and what to do next.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Summary".
 */
export interface Summary {
  level: 'ok' | 'busy' | 'warning' | 'failed' | 'unknown';
  sentence: string;
  reason?: string;
  /**
   * The next step, a command where there is one.
   */
  next?: string;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Source".
 */
export interface Source {
  /**
   * Where the state repo is, without credentials.
   */
  url: string;
  branch: string;
  /**
   * The newest revision seen at the remote.
   */
  observed?: string;
  /**
   * The newest revision looked into.
   */
  attempted?: string;
  /**
   * The revision the host was last made to match.
   */
  applied?: string;
  verified?: Verified;
  refused?: RefusedCommit;
  /**
   * Revisions that could not be carried out and are not tried again by themselves; the host went back to the last good one.
   */
  quarantined?: Quarantined[];
  /**
   * The newest commits up to the applied one, newest first.
   */
  log: LogEntry[];
}
/**
 * Who signed the revision that is trusted; absent when that was not asked for, or is not so.
 */
export interface Verified {
  revision: Sha;
  method: 'ssh' | 'gpg';
  /**
   * The principal of the allowed-signers file, or the user id of the OpenPGP key.
   */
  by: string;
  /**
   * Fingerprint of the key.
   */
  key: string;
}
/**
 * The commit for which the newest revision is refused, when signatures are asked for and this one is not good.
 */
export interface RefusedCommit {
  sha: Sha;
  subject: string;
  /**
   * As the commit says; nothing proves it.
   */
  author: string;
  time: Time;
  reason: Reason;
  /**
   * How many more commits of the revision have no good signature.
   */
  others: number;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Quarantined".
 */
export interface Quarantined {
  revision: Sha;
  reason: Reason;
  /**
   * What of it could not be carried out.
   */
  message: string;
  since: Time;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "LogEntry".
 */
export interface LogEntry {
  sha: Sha;
  subject: string;
  author: string;
  time: Time;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Condition".
 */
export interface Condition {
  type: ConditionType;
  status: 'True' | 'False' | 'Unknown';
  reason: Reason;
  message: string;
  lastTransitionTime: Time;
  observedRevision?: Sha;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "StatusProblem".
 */
export interface StatusProblem {
  file: string;
  line: number;
  column: number;
  message: string;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "ResourceStatus".
 */
export interface ResourceStatus {
  /**
   * Kind and name, for example directory:/flux/active.
   */
  id: string;
  kind: ResourceKind;
  state: ResourceState;
  reason?: Reason;
  message?: string;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  since: string;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "VolumeStatus".
 */
export interface VolumeStatus {
  name: string;
  mount: string;
  /**
   * full: it is the right disk, and takes nothing new.
   */
  guard: 'passed' | 'full' | 'failed' | 'unknown';
  reason: Reason;
  message: string;
  /**
   * The block device behind it, where one is known, for example /dev/sda1.
   */
  device?: string;
  /**
   * The physical disk, or several with ' + ' between them: volumes that share one fail together.
   */
  disk?: string;
  sizeBytes?: number;
  /**
   * Free for new data, rounded so that a commit is not made for less than one percent.
   */
  freeBytes?: number;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "PolicyStatus".
 */
export interface PolicyStatus {
  name: string;
  kind: PolicyKind;
  state: 'ok' | 'running' | 'partial' | 'failed' | 'overdue' | 'waiting' | 'never-run' | 'not-carried-out';
  reason: Reason;
  message: string;
  /**
   * Five cron fields.
   */
  schedule: string;
  /**
   * IANA name.
   */
  timezone: string;
  source?: string;
  target?: string;
  /**
   * Retention in words.
   */
  keep?: string;
  nextRunAt?: Time;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  overdueAfter?: string;
  lastRun?: Run;
  lastSuccessAt?: Time;
  proof?: CopyProof;
  progress?: Progress;
}
/**
 * One execution of a policy that has ended.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Run".
 */
export interface Run {
  id: string;
  policy: string;
  trigger: 'schedule' | 'catch-up' | 'person';
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  scheduledFor?: string;
  startedAt: Time;
  endedAt: Time;
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
 * Of a backup or a mirror: the last drill that proved it; absent while none has.
 */
export interface CopyProof {
  at: Time;
  /**
   * Files that came back as they were.
   */
  files: number;
  /**
   * Bytes in them.
   */
  bytes: number;
  /**
   * Files that were compared byte by byte with something else than the copy itself.
   */
  hashed: number;
}
/**
 * Only live, never on the branch.
 */
export interface Progress {
  phase: string;
  percent?: number;
  bytesDone?: number;
  bytesTotal?: number;
  filesDone?: number;
  filesTotal?: number;
  etaSeconds?: number;
}
/**
 * The last line of the audit; absent when the daemon has not written one.
 */
export interface AuditHead {
  /**
   * Its number; the first line is 1.
   */
  seq: number;
  /**
   * SHA-256 of its bytes, without the newline.
   */
  head: string;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  time: string;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "NotificationStatus".
 */
export interface NotificationStatus {
  /**
   * The service and the name of the secret that holds its address, for example ntfy:ntfy-topic-url.
   */
  to: string;
  /**
   * What came of the last attempt.
   */
  state: 'untried' | 'delivered' | 'failing';
  reason?: Reason;
  /**
   * Why it fails.
   */
  message?: string;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  since?: string;
}
/**
 * The good signature of a commit.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Verified".
 */
export interface Verified1 {
  revision: Sha;
  method: 'ssh' | 'gpg';
  /**
   * The principal of the allowed-signers file, or the user id of the OpenPGP key.
   */
  by: string;
  /**
   * Fingerprint of the key.
   */
  key: string;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "RefusedCommit".
 */
export interface RefusedCommit1 {
  sha: Sha;
  subject: string;
  /**
   * As the commit says; nothing proves it.
   */
  author: string;
  time: Time;
  reason: Reason;
  /**
   * How many more commits of the revision have no good signature.
   */
  others: number;
}
/**
 * The last line of the host's audit chain. On the status branch, that of the lines beside it in audit/host/.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "AuditHead".
 */
export interface AuditHead1 {
  /**
   * Its number; the first line is 1.
   */
  seq: number;
  /**
   * SHA-256 of its bytes, without the newline.
   */
  head: string;
  /**
   * UTC, ISO 8601 with seconds, for example 2026-11-21T03:00:00Z.
   */
  time: string;
}
/**
 * A sample of a copy was restored and is what was stored.
 *
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "CopyProof".
 */
export interface CopyProof1 {
  at: Time;
  /**
   * Files that came back as they were.
   */
  files: number;
  /**
   * Bytes in them.
   */
  bytes: number;
  /**
   * Files that were compared byte by byte with something else than the copy itself.
   */
  hashed: number;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "Progress".
 */
export interface Progress1 {
  phase: string;
  percent?: number;
  bytesDone?: number;
  bytesTotal?: number;
  filesDone?: number;
  filesTotal?: number;
  etaSeconds?: number;
}
