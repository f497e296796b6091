import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AuditLog } from '../daemon/audit/audit-log.ts';
import { AuditedStore } from '../daemon/audit/audited-store.ts';
import { isoSeconds } from '../daemon/clock.ts';
import { composeHistory } from '../daemon/status/compose-history.ts';
import { summarize } from '../daemon/status/summarize.ts';
import { openSqliteStore } from '../daemon/store/sqlite-store.ts';
import type { PassDeed, Store } from '../daemon/store/store.ts';
import type { History } from '../state-schema/generated/history.ts';
import type { LogEntry, PolicyStatus, Run, Status } from '../state-schema/generated/status.ts';

const START = Date.UTC(2026, 10, 1);
const HOUR_MS = 60 * 60_000;
const RESOURCES = 60;
/** A push every second evening, and drift once a week. */
const PUSH = { hour: 20, everyDays: 2 };
const DRIFT = { hour: 14, everyDays: 7 };
const LOG_ENTRIES = 20;

/** A host that lives through days in no time: a backup every hour, one to the cloud a day, drift and pushes. */
export class MonthOfHost implements AsyncDisposable {
  readonly name = 'motoko';
  readonly store: Store;
  readonly audit: AuditLog;
  readonly #clock: { time: number };
  #log: readonly LogEntry[] = [];
  #events = 0;

  private constructor(store: Store, audit: AuditLog, clock: { time: number }) {
    this.store = store;
    this.audit = audit;
    this.#clock = clock;
  }

  static async open(folder: string): Promise<MonthOfHost> {
    const clock = { time: START };
    const store = await openSqliteStore({ file: join(folder, 'anchord.db') });
    const audit = await AuditLog.open({
      host: 'motoko',
      folder: join(folder, 'audit/host'),
      store,
      clock: { now: () => new Date(clock.time), monotonic: () => 0 },
      emit: () => {},
    });
    return new MonthOfHost(new AuditedStore(store, audit), audit, clock);
  }

  /** Lives; gives the time after each thing that is worth a commit. */
  async *days(count: number): AsyncGenerator<Date> {
    for (let hour = 0; hour < count * 24; hour++) {
      this.#clock.time = START + hour * HOUR_MS;
      await this.#backup('flux-local');
      yield this.#now();
      if (hour % 24 === 5) await this.#backup('flux-backup');
      else if (isTime(DRIFT, hour)) await this.#pass('repair', 1);
      else if (isTime(PUSH, hour)) await this.#push();
      else continue;
      yield this.#now();
    }
  }

  /** What the daemon would say now. */
  async compose(): Promise<{ readonly status: Status; readonly history: History }> {
    const now = isoSeconds(this.#now());
    const lastRuns = await this.store.lastRuns();
    const status = summarize({
      host: this.name,
      version: '1.0.0',
      startedAt: isoSeconds(new Date(START)),
      now,
      expectedEverySeconds: 86_400,
      url: 'ssh://git@example.org/state.git',
      branch: 'main',
      revisions: await this.store.revisions(),
      log: [...this.#log],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'AllInSync',
          message: `The host is what ${this.#revision().slice(0, 10)} says.`,
          lastTransitionTime: isoSeconds(new Date(START)),
        },
      ],
      resources: Array.from({ length: RESOURCES }, (_, index) => ({
        id: `directory:/flux/${index}`,
        kind: 'directory' as const,
        state: 'in-sync' as const,
        since: isoSeconds(new Date(START)),
        digest: '',
      })),
      volumes: [],
      policies: [...lastRuns].map(([name, { last }]) => policyOf(name, last)),
      notCarriedOut: ['shares (flux, space, time)'],
    });
    return { status, history: await composeHistory(this.name, this.store, this.#now()) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.audit[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
  }

  #revision(): string {
    return this.#log[0]?.sha ?? idOf('the first revision');
  }

  #now(): Date {
    return new Date(this.#clock.time);
  }

  async #backup(policy: string): Promise<void> {
    const id = shortIdOf(`run ${this.#events++}`);
    const open = {
      id,
      policy,
      trigger: 'schedule',
      scheduledFor: isoSeconds(this.#now()),
      startedAt: isoSeconds(this.#now()),
    } as const;
    await this.store.beginRun(open);
    this.#clock.time += 40_000 + (this.#events % 20) * 1_000;
    const figures = {
      files: 20_000 + this.#events,
      bytes: 9e10 + this.#events * 12_345,
      bytesAdded: 1e6 + this.#events * 77,
    };
    const snapshot = idOf(id).slice(0, 8);
    await this.store.endRun({
      ...open,
      endedAt: isoSeconds(this.#now()),
      outcome: 'ok',
      snapshot,
      removed: 1,
      ...figures,
    });
  }

  async #push(): Promise<void> {
    this.#clock.time += HOUR_MS / 4;
    const sha = idOf(`revision ${this.#events}`);
    const entry = {
      sha,
      subject: `Keep the media share for ${this.#events} days`,
      author: 'Anna',
      time: isoSeconds(this.#now()),
    };
    this.#log = [entry, ...this.#log].slice(0, LOG_ENTRIES);
    await this.store.saveRevisions({ trusted: sha, attempted: sha, applied: sha });
    await this.#pass('change', 3);
  }

  async #pass(kind: PassDeed['kind'], count: number): Promise<void> {
    this.#clock.time += HOUR_MS / 4;
    const at = isoSeconds(this.#now());
    const deeds = Array.from({ length: count }, (_, index) => ({
      id: `directory:/flux/${(this.#events + index) % RESOURCES}`,
      kind,
      what: 'mode 0700 → 2775',
    }));
    const counts = {
      changed: kind === 'change' ? count : 0,
      repaired: kind === 'repair' ? count : 0,
      failed: 0,
      waiting: 0,
    };
    const pass = {
      id: shortIdOf(`pass ${this.#events++}`),
      revision: this.#revision(),
      startedAt: at,
      endedAt: at,
      result: 'applied',
      ...counts,
    } as const;
    await this.store.addPass(pass, deeds);
  }
}

function policyOf(name: string, lastRun: Run): PolicyStatus {
  return {
    name,
    kind: 'backup',
    state: 'ok',
    reason: 'Scheduled',
    message: 'It waits for its next time.',
    schedule: '0 * * * *',
    timezone: 'America/New_York',
    source: '/flux',
    target: '/space/snapshots/flux-local',
    lastRun,
    lastSuccessAt: lastRun.endedAt,
  };
}

function isTime({ hour, everyDays }: typeof PUSH, now: number): boolean {
  return now % 24 === hour && Math.floor(now / 24) % everyDays === 0;
}

/** As random as a commit id, and the same in every run: chance would make the figure another each time. */
function idOf(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}

/** As long as `shortId` makes them. */
function shortIdOf(name: string): string {
  return idOf(name).slice(0, 16);
}
