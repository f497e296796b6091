import type { History } from '../state-schema/generated/history.ts';
import type { LogEntry, Status } from '../state-schema/generated/status.ts';
import { isoSeconds } from './clock.ts';
import type { StateRepo } from './git/state-repo.ts';
import type { Host } from './host.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import { composeHistory } from './status/compose-history.ts';
import type { Conditions } from './status/conditions.ts';
import { notCarriedOut } from './status/not-carried-out.ts';
import { summarize } from './status/summarize.ts';

/** How many commits a status tells of. */
const LOG_ENTRIES = 20;
/** The branch gets at least one commit a day. */
const EXPECTED_EVERY_SECONDS = 24 * 60 * 60;

/** What composing needs. */
export interface ComposerParts {
  readonly host: Host;
  readonly reconciler: Reconciler;
  readonly conditions: Conditions;
  readonly repo: StateRepo;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly version: string;
  /** Where news goes, and whether it arrives. */
  readonly notifications: () => Pick<Status, 'notifications'>;
}

/** Gathers what the daemon knows and makes the status and the history of it. */
export class Composer {
  readonly #parts: ComposerParts;
  #log: { readonly of: string; readonly entries: readonly LogEntry[] } | undefined;

  constructor(parts: ComposerParts) {
    this.#parts = parts;
  }

  /** The status and the history as they are now. */
  async compose(): Promise<{ readonly status: Status; readonly history: History }> {
    const { host, reconciler, conditions } = this.#parts;
    const now = host.clock.now();
    const [policies, history, log] = await Promise.all([
      host.engine.statuses(now),
      composeHistory(host.settings.host, host.store, now),
      this.#logOf(reconciler.revisions.applied),
    ]);
    // Only now, and all in one step: a pass that ended meanwhile must not be told half.
    const { inForce, lastPass, observed, revisions } = reconciler;
    const status = summarize({
      host: host.settings.host,
      version: this.#parts.version,
      startedAt: this.#parts.startedAt,
      now: isoSeconds(now),
      expectedEverySeconds: EXPECTED_EVERY_SECONDS,
      url: host.settings.repository.url,
      branch: host.settings.repository.branch,
      ...(observed === undefined ? {} : { observed }),
      revisions,
      log,
      conditions: conditions.list(),
      resources: reconciler.inventory.values(),
      volumes: lastPass?.view.guarded ?? [],
      policies,
      notCarriedOut: inForce === undefined ? [] : notCarriedOut(inForce.state),
      audit: host.audit.head,
      notify: this.#parts.notifications(),
    });
    return { status: host.secrets.redaction.deep(status), history };
  }

  /** The commits up to a revision; read once, for they never change. */
  async #logOf(revision: string | undefined): Promise<readonly LogEntry[]> {
    if (revision === undefined) return [];
    if (this.#log?.of === revision) return this.#log.entries;
    try {
      const entries = await this.#parts.repo.log(revision, LOG_ENTRIES);
      this.#log = { of: revision, entries };
      return entries;
    } catch {
      return []; // the mirror is being made anew: the next look brings the log back
    }
  }
}
