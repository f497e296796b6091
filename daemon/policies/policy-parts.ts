import type { AllowSettings, OverrideSettings } from '../../state-schema/generated/host-settings.ts';
import type { Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { GuardUse } from '../guards/guard-use.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Store } from '../store/store.ts';
import type { PlanBook } from './plans/plan-book.ts';
import type { RemovalLedger } from './removal-ledger.ts';

/** What running policies needs of the daemon. */
export interface PolicyParts {
  readonly store: Pick<
    Store,
    | 'schedules'
    | 'saveSchedules'
    | 'beginRun'
    | 'endRun'
    | 'openRuns'
    | 'runs'
    | 'lastRuns'
    | 'repositoryIds'
    | 'rememberRepository'
    | 'fact'
    | 'saveFact'
  >;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Name of this host; every snapshot carries it. */
  readonly host: string;
  /** Prefix of every host path. */
  readonly root: string;
  /** Holds the locks and restic's cache. A real path, without the prefix. */
  readonly stateDir: string;
  /** PATH of child processes. */
  readonly path: string;
  readonly settings: { readonly allow: AllowSettings; readonly overrides: OverrideSettings };
  /** Looks secrets up, and keeps them out of what is said. */
  readonly secrets: Secrets;
  /** Why a host path must not be used now; undefined when it may. Ask for `delete` right before whatever deletes. */
  readonly guard: (hostPath: string, use: GuardUse) => Promise<Fault | undefined>;
  /** Why nothing may be deleted by age now, because the clock cannot be trusted; undefined when it may. */
  readonly clockFault: () => Promise<Fault | undefined>;
  /** What waits for a person before it is removed. */
  readonly plans: PlanBook;
  /** What anchord's own policies took away: to be subtracted before a source is held for shrunken. */
  readonly ledger: Pick<RemovalLedger, 'add' | 'movedSince'>;
  /** Copies what anchord itself remembers into an empty folder, for `anchord-state`; without it there is no such policy. */
  readonly copyState?: (folder: string) => Promise<void>;
  /** Why no schedule may start a run now, for example because a person suspended the host; undefined when it may. */
  readonly held?: () => Fault | undefined;
  /** Milliseconds to wait for a repository that is in use. Default: ten minutes for a run, ten seconds to make one. */
  readonly lockWaitMs?: number;
  /** Milliseconds before each further attempt at what may be over in a moment. Default: one minute, growing to fifteen. */
  readonly retryPausesMs?: readonly number[];
}
