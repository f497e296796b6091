import type { History } from '../../state-schema/generated/history.ts';
import type { PolicyStatus, Run, Status, VolumeStatus } from '../../state-schema/generated/status.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import type { Fault } from '../errors.ts';
import type { ListedSnapshot } from '../restore/list-snapshots.ts';
import type { RestoreReport, RestoreRequest } from '../restore/restore-request.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import type { PolicyPreview } from '../policies/plans/policy-preview.ts';
import type { NotificationTest } from '../notify/notifier.ts';
import type { PlanReport } from '../reconcile/plan-report.ts';
import type { Suspended } from '../suspension.ts';
import type { ApplyReport } from './apply-report.ts';

/** What a person asked for and did not get. */
export interface Refusal extends Fault {
  readonly kind: 'refused';
}

/** A host state that is not in force, and where it comes from. */
export interface PlanCandidate {
  readonly of: string;
  readonly state: HostState;
}

/**
 * What a person can ask of a host: the running daemon answers over its unix socket, and commands that work without
 * one do the same by themselves under the same locks. A refusal is a value; anything thrown is a lost connection or a bug.
 */
export interface Control {
  status(): Promise<{ readonly status: Status; readonly history: History }>;
  /** What a pass would do now; with a candidate, what it would do if that were pushed. Changes nothing. */
  plan(candidate?: PlanCandidate): Promise<PlanReport | Refusal>;
  /**
   * Looks at the remote, makes the host match, and resolves when that has ended. With a candidate: makes the host match
   * that once, without trusting it; only where no daemon runs, which would undo it.
   */
  apply(candidate?: PlanCandidate): Promise<ApplyReport | Refusal>;
  /** From now on nothing is changed. `isIdle`: nothing that was begun before is under way any more. */
  suspend(
    request: Omit<Suspended, 'since'>,
  ): Promise<
    { readonly kind: 'suspended'; readonly suspended: Suspended; readonly isIdle: boolean } | Refusal
  >;
  /** `was`: what was in force; absent when nothing was. */
  resume(): Promise<{ readonly kind: 'resumed'; readonly was?: Suspended } | Refusal>;
  policies(): Promise<readonly PolicyStatus[]>;
  /** The runs of a policy that have ended, newest first; also of one that is no longer declared. */
  runs(
    name: string,
    limit: number,
  ): Promise<{ readonly kind: 'runs'; readonly runs: readonly Run[] } | Refusal>;
  /** Runs a policy now and resolves when it has ended. */
  runPolicy(name: string): Promise<{ readonly kind: 'ran'; readonly run: Run } | Refusal>;
  /** Tells the run that is under way to stop; it ends a little later, as cancelled. */
  cancelPolicy(name: string): Promise<{ readonly kind: 'cancelling' } | Refusal>;
  initPolicy(
    name: string,
  ): Promise<
    { readonly kind: 'initialised'; readonly how: 'created' | 'adopted'; readonly id: string } | Refusal
  >;
  /** What the next run of a policy would do, and the plan that waits. */
  planPolicy(name: string): Promise<{ readonly kind: 'preview'; readonly preview: PolicyPreview } | Refusal>;
  /** Accepts the plan, or the suspect snapshot, of exactly that id. `message`: what holds from now on. */
  acceptPolicy(
    name: string,
    id: string,
  ): Promise<{ readonly kind: 'accepted'; readonly message: string } | Refusal>;
  /** The snapshots of a policy, newest first; with `all`, everything in its repository, whoever made it. */
  snapshots(
    name: string,
    all: boolean,
  ): Promise<{ readonly kind: 'snapshots'; readonly snapshots: readonly ListedSnapshot[] } | Refusal>;
  /** Restores into a folder, and resolves when that has ended. The signal stops it. */
  restore(
    request: RestoreRequest,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'restored'; readonly report: RestoreReport } | Refusal>;
  /** The declared volumes, looked at now: not what the last pass saw. */
  volumes(): Promise<readonly VolumeStatus[]>;
  /** Marks the disk that is now at a volume's mount point as that volume; `volume`: how it is then. */
  adoptVolume(name: string): Promise<{ readonly kind: 'adopted'; readonly volume: VolumeStatus } | Refusal>;
  /** `isWaiting`: it is the commit that was refused. Otherwise it is accepted when the branch comes to it. */
  acceptRewrite(
    revision: string,
  ): Promise<{ readonly kind: 'accepted'; readonly isWaiting: boolean } | Refusal>;
  /** Sends a message to every target of `notify` that shows whether it arrives. */
  testNotifications(): Promise<
    { readonly kind: 'tested'; readonly tests: readonly NotificationTest[] } | Refusal
  >;
  /** Looks at every line of the audit; `remote`: compares it with the status branch as well. */
  verifyAudit(options: { readonly remote: boolean }): Promise<AuditReport | Refusal>;
}
