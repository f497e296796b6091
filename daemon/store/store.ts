import type { Pass } from '../../state-schema/generated/history.ts';
import type {
  Condition,
  Quarantined,
  RefusedCommit,
  ResourceStatus,
  Run,
  Verified,
} from '../../state-schema/generated/status.ts';
import type { Problem } from '../../state-schema/problem.ts';
import type { AuditEntry, AuditState, ChainHead } from './audit-entry.ts';
import type { Fault } from '../errors.ts';

/** A revision that could not be carried out and is not tried again by itself. */
export interface QuarantinedRevision extends Quarantined {
  /** Ids of the resources it is blamed for. */
  readonly failed: readonly string[];
  /** Whether going back was seen to mend any of it. */
  readonly isSettled: boolean;
}

/** What the daemon remembers of the state repo. Lives outside the mirror, which is disposable. */
export interface Revisions {
  /** The last revision that passed every check: the base of the next ancestry check. */
  readonly trusted?: string;
  /** The revision the host was last made to match. */
  readonly applied?: string;
  /** The newest revision looked into, whether accepted or not. */
  readonly attempted?: string;
  /** A revision that a person accepted although it does not descend from the trusted one. */
  readonly acceptedRewrite?: string;
  /** Why `attempted` was rejected; absent when it was not. */
  readonly rejected?: {
    readonly revision: string;
    readonly message: string;
    readonly problems: readonly Problem[];
    /** The whole of what was said; absent from a database of an earlier version. */
    readonly fault?: Fault;
    /** The commit without a good signature, when that is why. */
    readonly commit?: RefusedCommit;
  };
  /** The last revision whose pass ended with nothing failed: what a bad one is taken back to. */
  readonly lastGood?: string;
  /** The trusted revision while it is not known whether it is good. */
  readonly trial?: {
    readonly revision: string;
    /** Ids of resources that failed while the last good one was in force. */
    readonly failedBefore: readonly string[];
    /** It was taken back once, and what failed then fails without it as well. */
    readonly isBlameless?: boolean;
  };
  /** Oldest first. */
  readonly quarantined?: readonly QuarantinedRevision[];
  /** What was last found of the trusted revision's own signature, and with which allowed signers. */
  readonly verification?: {
    readonly revision: string;
    readonly version: string;
    readonly verified?: Verified;
    readonly fault?: Fault;
  };
}

/** What to change of the revisions: an absent key stays, `null` removes. */
export type RevisionsChange = { readonly [K in keyof Revisions]?: Revisions[K] | null };

/** When a policy runs next, and the words that were computed from. */
export interface ScheduleRow {
  readonly policy: string;
  readonly cron: string;
  readonly timezone: string;
  /** UTC, ISO 8601. */
  readonly nextRunAt: string;
}

/** A message on its way to one target. */
export interface OutgoingMessage {
  /** Service and name of the secret with its address, for example `ntfy:ntfy-topic-url`. */
  readonly target: string;
  /** The message as JSON. */
  readonly body: string;
}

/** A message that waits for its delivery. Later ones have higher numbers. */
export interface WaitingMessage extends OutgoingMessage {
  readonly seq: number;
}

/** A run that has begun and of whose end nothing is known yet. */
export type OpenRun = Pick<Run, 'id' | 'policy' | 'trigger' | 'scheduledFor' | 'startedAt'>;

/** Something a pass did to one resource. `repair`: something other than a revision had changed it. */
export interface PassDeed {
  readonly id: string;
  readonly kind: 'change' | 'repair';
  /** From what was found to what is wanted, for example `mode 0700 → 2775`. */
  readonly what: string;
}

/** One managed resource: its status, and a digest of what was last applied, to tell a change from drift. */
export interface InventoryItem extends ResourceStatus {
  readonly digest: string;
}

/**
 * What must survive a restart, behind an interface that another database could implement.
 * Every method is one atomic, durable step: when its promise resolves, a power cut cannot undo it.
 * Absent keys of a change are left as they are; `null` removes. What the audit tells of takes its lines as `audit`, kept
 * in the same step: of a host's store `AuditedStore` gives them, and nobody else has to.
 */
export interface Store extends AsyncDisposable {
  revisions(): Promise<Revisions>;
  saveRevisions(change: RevisionsChange, audit?: AuditEntry): Promise<void>;

  inventory(): Promise<readonly InventoryItem[]>;
  saveInventory(change: {
    readonly put: readonly InventoryItem[];
    readonly remove: readonly string[];
  }): Promise<void>;

  /** Ids that volumes were adopted with, by volume name. */
  volumeIds(): Promise<ReadonlyMap<string, string>>;
  rememberVolume(name: string, id: string, audit?: AuditEntry): Promise<void>;

  /** Ids of initialised restic repositories, by location as the state repo names it. */
  repositoryIds(): Promise<ReadonlyMap<string, string>>;
  rememberRepository(location: string, id: string, audit?: AuditEntry): Promise<void>;

  schedules(): Promise<readonly ScheduleRow[]>;
  saveSchedules(change: {
    readonly put: readonly ScheduleRow[];
    readonly remove: readonly string[];
  }): Promise<void>;

  /** Begins a run and, in the same step, moves its schedule on, so that no crash can run one slot twice. */
  beginRun(run: OpenRun, schedule?: ScheduleRow): Promise<void>;
  endRun(run: Run, audit?: AuditEntry): Promise<void>;
  openRuns(): Promise<readonly OpenRun[]>;
  /** Ended runs, newest first. `since`: only those that ended at or after this time. */
  runs(filter: {
    readonly since?: string;
    readonly policy?: string;
    readonly limit?: number;
  }): Promise<readonly Run[]>;
  /** Of each policy the last run, and the last that ended `ok`. */
  lastRuns(): Promise<ReadonlyMap<string, { readonly last: Run; readonly lastOk?: Run }>>;

  /** `deeds`: what was done to which resource, which only the audit keeps. */
  addPass(pass: Pass, deeds?: readonly PassDeed[], audit?: AuditEntry): Promise<void>;
  /** Newest first. */
  passes(limit: number): Promise<readonly Pass[]>;

  conditions(): Promise<readonly Condition[]>;
  /** These are all there are: what is not among them is forgotten. */
  saveConditions(conditions: readonly Condition[]): Promise<void>;

  /** Where the audit's chain stands, and the lines that are not known to be in their file. */
  audit(): Promise<AuditState>;
  /** Adds lines that tell of nothing else in the store. Fails when they do not follow the last one. */
  addAudit(lines: AuditEntry): Promise<void>;
  /** Lines up to this one are in their files now. */
  auditWritten(written: ChainHead): Promise<void>;
  /** Sets where the chain stands without a line: when it is taken over from its files, or its oldest lines are given up. */
  setAuditHeads(heads: Omit<AuditState, 'pending'>): Promise<void>;

  /** Messages that wait for their delivery, oldest first. */
  outbox(): Promise<readonly WaitingMessage[]>;
  /** Remembers what was told as the fact `notify.told` and puts the messages that tell it into the outbox. */
  tell(told: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Takes a message, if one is given, out of the outbox and remembers its target as the fact `notify.target.TARGET`. */
  settleMessage(seq: number | null, target: string, delivery: string): Promise<void>;

  /** Writes all of it, as it is at one moment, to a new file that another process can open. */
  copyTo(file: string): Promise<void>;

  /** Small facts by name, for example the status branch's last own commit. */
  fact(name: string): Promise<string | undefined>;
  saveFact(name: string, value: string | null): Promise<void>;
}
