import type { Fault } from './errors.ts';
import type { Pass } from '../state-schema/generated/history.ts';
import type { Condition, Progress, ResourceStatus, Run } from '../state-schema/generated/status.ts';
import type { Problem } from '../state-schema/problem.ts';

/**
 * Everything the daemon says of itself. The log, the event stream, the page and the tests read this one union.
 * Events report; nothing in the daemon acts on one.
 */
export type AnchordEvent =
  /** The daemon holds its lock and has opened its store. */
  | { readonly kind: 'daemon.started'; readonly version: string; readonly host: string; readonly pid: number }
  /** The page and the API answer at this address. */
  | { readonly kind: 'daemon.listening'; readonly url: string }
  /** A host program is missing or too old; `remedy` is the command that mends it. */
  | { readonly kind: 'program.missing'; readonly message: string; readonly remedy: string }
  /** The loop makes no progress any more. A service manager with a watchdog starts the daemon again. */
  | { readonly kind: 'daemon.stuck'; readonly message: string }
  /** The service manager that started the daemon cannot be told anything. */
  | { readonly kind: 'service.unheard'; readonly message: string; readonly remedy: string }
  | { readonly kind: 'daemon.stopping'; readonly cause: string }
  /** Something said that there may be a new revision. */
  | {
      readonly kind: 'look.started';
      readonly cause: 'start' | 'interval' | 'watch' | 'webhook' | 'person' | 'retry';
    }
  /** The remote answered; `revision` is the tip of the branch. */
  | { readonly kind: 'look.ended'; readonly revision: string; readonly isNew: boolean }
  /** The remote could not be asked, or its answer is refused. */
  | { readonly kind: 'look.failed'; readonly fault: Fault; readonly retryAt?: string }
  /** A new revision's objects are in the mirror, under a private ref. */
  | { readonly kind: 'revision.fetched'; readonly revision: string }
  /** The signatures of so many new commits are being checked. */
  | { readonly kind: 'revision.verifying'; readonly revision: string; readonly commits: number }
  /** A revision was not accepted: it changes nothing, the last good one goes on. */
  | {
      readonly kind: 'revision.rejected';
      readonly revision: string;
      readonly fault: Fault;
      readonly problems: readonly Problem[];
    }
  /** A revision passed every check and is now the base for the next. */
  | { readonly kind: 'revision.trusted'; readonly revision: string }
  /** A revision could not be carried out, and the host goes back to the last good one. */
  | { readonly kind: 'revision.quarantined'; readonly revision: string; readonly fault: Fault }
  /** The mirror was damaged and is being made anew. */
  | { readonly kind: 'mirror.healed'; readonly message: string }
  | { readonly kind: 'pass.started'; readonly revision: string }
  /** A resource came into another state. `what`: what was done to it, from what was found to what is wanted. */
  | { readonly kind: 'resource.changed'; readonly resource: ResourceStatus; readonly what?: string }
  /** Many resources changed in one pass: only the first are told one by one. */
  | { readonly kind: 'resources.changed'; readonly count: number }
  | { readonly kind: 'pass.ended'; readonly pass: Pass }
  | { readonly kind: 'condition.changed'; readonly condition: Condition }
  | {
      readonly kind: 'run.started';
      readonly runId: string;
      readonly policy: string;
      readonly trigger: Run['trigger'];
    }
  | {
      readonly kind: 'run.progress';
      readonly runId: string;
      readonly policy: string;
      readonly progress: Progress;
    }
  | { readonly kind: 'run.ended'; readonly run: Run }
  /** How far a restore is that a person asked for. */
  | { readonly kind: 'restore.progress'; readonly policy: string; readonly progress: Progress }
  /** Whoever keeps a secret does not give it out, and the last value known is used. Told once until that is over. */
  | { readonly kind: 'secret.stale'; readonly secret: string; readonly fault: Fault }
  /** The provider of such a secret answers again. */
  | { readonly kind: 'secret.fresh'; readonly secret: string }
  /** The schedules could not be looked at this minute; the next minute tries again. */
  | { readonly kind: 'policies.failed'; readonly fault: Fault }
  /** What was learned could not be kept, for example on a full disk. It is held, and kept later. */
  | { readonly kind: 'store.failed'; readonly fault: Fault }
  /** Somebody asked for something and could not prove who they are. `door`: what was asked; `from`: the address. */
  | { readonly kind: 'auth.failed'; readonly door: string; readonly from: string }
  /** The audit is not what was written, or cannot be written. */
  | { readonly kind: 'audit.failed'; readonly fault: Fault }
  /** A message arrived. `to`: service and name of the secret with its address. */
  | { readonly kind: 'notification.sent'; readonly to: string; readonly id: string }
  /** A message did not arrive, or is given up when there is no `retryAt`. */
  | {
      readonly kind: 'notification.failed';
      readonly to: string;
      readonly fault: Fault;
      readonly retryAt?: string;
    }
  /** A commit of the status branch reached its remote. */
  | { readonly kind: 'status.published'; readonly commit: string }
  | { readonly kind: 'status.failed'; readonly fault: Fault; readonly retryAt?: string };

/** Takes an event. Must not throw and must not wait. */
export type Emit = (event: AnchordEvent) => void;
