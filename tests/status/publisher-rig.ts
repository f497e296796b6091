import { join } from 'node:path';
import type { Clock } from '../../daemon/clock.ts';
import type { AnchordEvent } from '../../daemon/events.ts';
import { Conditions } from '../../daemon/status/conditions.ts';
import { StatusPublisher } from '../../daemon/status/publisher.ts';
import { summarize, type StatusFacts } from '../../daemon/status/summarize.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { Store } from '../../daemon/store/store.ts';
import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { GitRig } from '../git/git-rig.ts';
import { emptyHistory } from '../page/sample-history.ts';
import { statusFacts } from './status-facts.ts';

const BRANCH = 'anchord-status/motoko';

/** A real remote with a real status branch, and a daemon's publisher whose facts and clock the test sets. */
export class PublisherRig implements AsyncDisposable {
  readonly git: GitRig;
  readonly remote: string;
  readonly store: Store;
  readonly events: AnchordEvent[] = [];
  readonly clock: Clock & { time: number; running: number };
  /** What the daemon knows now. */
  facts: Partial<StatusFacts> = {};
  /** What it remembers. */
  history: History = emptyHistory();
  /** When set, composing fails with it. */
  broken: Error | undefined;
  composed = 0;
  #composedAtPublish = 0;
  #waiting: { readonly when: () => boolean; readonly resolve: () => void }[] = [];

  private constructor(git: GitRig, remote: string, store: Store) {
    this.git = git;
    this.remote = remote;
    this.store = store;
    const clock = {
      time: Date.UTC(2026, 10, 21, 12),
      running: 0,
      now: () => new Date(clock.time),
      monotonic: () => clock.running,
    };
    this.clock = clock;
  }

  static async make(): Promise<PublisherRig> {
    const git = await GitRig.make();
    const store = await openSqliteStore({ file: join(git.dir, 'anchord.db') });
    return new PublisherRig(git, await git.init('remote.git'), store);
  }

  /** Starts a publisher, as a daemon does; ends with the returned resource. */
  async start(redactKey?: string): Promise<StatusPublisher & AsyncDisposable> {
    const { store, clock } = this;
    const conditions = new Conditions(await store.conditions(), {
      store,
      clock,
      emit: (event) => this.#note(event),
    });
    const publisher = new StatusPublisher({
      branch: await this.git.openStatus(this.remote),
      store,
      clock,
      emit: (event) => this.#note(event),
      conditions,
      compose: () => this.#compose(conditions),
      page: new Map(),
      ...(redactKey === undefined ? {} : { redactKey }),
    });
    const stop = new AbortController();
    const running = publisher.run(stop.signal);
    return Object.assign(publisher, {
      [Symbol.asyncDispose]: async (): Promise<void> => {
        stop.abort();
        await running;
      },
    });
  }

  /** Waits until something has come true; asked again at each event and each composed status. */
  async until(when: () => boolean): Promise<void> {
    if (when()) return;
    await new Promise<void>((resolve) => this.#waiting.push({ when, resolve }));
  }

  /** Waits until the publisher has looked once more after what it published last. */
  settled(): Promise<void> {
    return this.until(() => this.composed > this.#composedAtPublish);
  }

  /** How many events of a kind there were. */
  count(kind: AnchordEvent['kind']): number {
    return this.events.filter((event) => event.kind === kind).length;
  }

  /** Commits on the branch. */
  async commits(): Promise<number> {
    return Number(await this.git.git(['-C', this.remote, 'rev-list', '--count', BRANCH]));
  }

  /** What a reader of the branch finds. */
  async published(commit: string = BRANCH): Promise<Status> {
    return JSON.parse(await this.git.git(['-C', this.remote, 'show', `${commit}:status.json`])) as Status;
  }

  /** The daemon's version as each commit tells it, oldest first. */
  async versions(): Promise<readonly string[]> {
    const list = await this.git.git(['-C', this.remote, 'rev-list', '--reverse', BRANCH]);
    const statuses = await Promise.all(list.split('\n').map((commit) => this.published(commit)));
    return statuses.map((status) => status.daemon.version);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    await this.git[Symbol.asyncDispose]();
  }

  async #compose(conditions: Conditions): Promise<{ readonly status: Status; readonly history: History }> {
    this.composed++;
    this.#ask();
    if (this.broken !== undefined) throw this.broken;
    const now = this.clock.now().toISOString();
    const status = summarize(
      statusFacts({
        now,
        ...this.facts,
        conditions: [...(this.facts.conditions ?? []), ...conditions.list()],
      }),
    );
    return { status, history: this.history };
  }

  #note(event: AnchordEvent): void {
    this.events.push(event);
    if (event.kind === 'status.published') this.#composedAtPublish = this.composed;
    this.#ask();
  }

  #ask(): void {
    const due = this.#waiting.filter((one) => one.when());
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const { resolve } of due) resolve();
  }
}
