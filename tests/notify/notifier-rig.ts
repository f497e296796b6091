import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnchordEvent } from '../../daemon/events.ts';
import type { NewsLimits } from '../../daemon/notify/judge-news.ts';
import { Notifier, type NotifierParts } from '../../daemon/notify/notifier.ts';
import { SecretValue } from '../../daemon/secrets/secret-value.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import type { Store } from '../../daemon/store/store.ts';
import type { Notify } from '../../state-schema/generated/state-file.ts';
import type { PolicyStatus, Status } from '../../state-schema/generated/status.ts';
import { backupPolicy, stateWith } from '../policies/policy-rig.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

/** Told at once, and as often as it comes. */
const AT_ONCE: NewsLimits = { togetherMs: 0, perHour: 1_000, changesPerHour: 1_000, steadyMs: 0 };

/** How a rig differs from the usual. */
export interface NotifierRigOptions {
  readonly notify: readonly Notify[];
  /** Values of secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly allowed?: readonly string[];
  readonly parts?: Partial<NotifierParts>;
}

/** A notifier over a real store and real HTTP, of a host with one policy that fares as the test says. */
export class NotifierRig implements AsyncDisposable {
  readonly folder: string;
  readonly events: AnchordEvent[] = [];
  /** What the clock says. */
  now: Date = new Date('2026-11-21T12:00:00Z');
  stuck: string | undefined;
  notifier: Notifier;
  store: Store;
  readonly #options: NotifierRigOptions;
  readonly #emitter = new EventEmitter();
  #policy: PolicyStatus = policyNamed('local');

  private constructor(folder: string, store: Store, options: NotifierRigOptions) {
    this.folder = folder;
    this.store = store;
    this.#options = options;
    this.notifier = this.#open();
  }

  /** A rig whose notifier has started, and that has nothing to tell yet. */
  static async start(options: NotifierRigOptions): Promise<NotifierRig> {
    const folder = await mkdtemp(join(tmpdir(), 'anchord-notifier-'));
    const rig = new NotifierRig(folder, await openSqliteStore({ file: join(folder, 'anchord.db') }), options);
    await rig.notifier.start();
    return rig;
  }

  /** Ends the notifier and starts another one over the same store. */
  async restart(): Promise<void> {
    await this.notifier[Symbol.asyncDispose]();
    this.notifier = this.#open();
    await this.notifier.start();
  }

  /** Lets time pass. Seconds. */
  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000);
  }

  /** The policy fails, and the notifier looks. */
  async fail(message = 'it broke'): Promise<void> {
    await this.become({ state: 'failed', reason: 'BackupFailed', message });
  }

  /** The policy is well, and the notifier looks. */
  async mend(): Promise<void> {
    await this.become({ state: 'ok', reason: 'Succeeded', message: 'fine' });
  }

  /** The policy fares so, and the notifier looks. */
  async become(change: Partial<PolicyStatus>): Promise<void> {
    this.#policy = { ...policyNamed('local'), ...change };
    await this.notifier.look();
  }

  /** Waits until so many attempts have failed, from the first on. */
  async untilFailed(count: number): Promise<void> {
    while (this.events.filter(({ kind }) => kind === 'notification.failed').length < count)
      await this.#nextEvent(this.events.length);
  }

  /** Lets time pass until the store has nothing left to deliver. */
  async untilDelivered(): Promise<void> {
    while ((await this.store.outbox()).length > 0) {
      const seen = this.events.length;
      this.pass(3_600);
      await this.notifier.look();
      if ((await this.store.outbox()).length > 0) await this.#nextEvent(seen);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.notifier[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #nextEvent(seen: number): Promise<void> {
    if (this.events.length === seen)
      await once(this.#emitter, 'event', { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  #open(): Notifier {
    const { notify, secrets, allowed = [], parts = {} } = this.#options;
    const { store } = this;
    return new Notifier({
      store: {
        fact: (name) => store.fact(name),
        tell: (told, messages) => this.store.tell(told, messages),
        outbox: () => this.store.outbox(),
        settleMessage: (seq, target, delivery) => this.store.settleMessage(seq, target, delivery),
      },
      clock: { now: () => this.now, monotonic: () => this.now.getTime() },
      emit: (event) => {
        this.events.push(event);
        this.#emitter.emit('event');
      },
      host: 'motoko',
      redact: false,
      status: () => Promise.resolve(statusOf(this.#policy)),
      state: () => ({ ...stateWith({ local: backupPolicy() }), notify }),
      secret: (name) => {
        const value = secrets[name];
        const missing = { reason: 'SecretMissing', message: `no ${name}` } as const;
        return Promise.resolve(
          value === undefined
            ? { kind: 'missing', fault: missing }
            : { kind: 'resolved', value: new SecretValue(value) },
        );
      },
      allowed,
      authorities: () => Promise.resolve(undefined),
      stuck: () => this.stuck,
      clockFault: () => Promise.resolve(undefined),
      limits: AT_ONCE,
      random: () => 0,
      ...parts,
    });
  }
}

function policyNamed(name: string): PolicyStatus {
  return {
    name,
    kind: 'backup',
    state: 'ok',
    reason: 'Succeeded',
    message: 'fine',
    schedule: '0 * * * *',
    timezone: 'UTC',
  };
}

function statusOf(policy: PolicyStatus): Status {
  return {
    version: 1,
    host: 'motoko',
    generatedAt: '2026-11-21T12:00:00Z',
    expectedEverySeconds: 86_400,
    daemon: { version: '1', startedAt: '2026-11-21T12:00:00Z' },
    summary: { level: 'ok', sentence: 'fine' },
    source: { url: '/git', branch: 'main', log: [] },
    conditions: [],
    problems: [],
    resources: { counts: {}, items: [], omitted: 0 },
    volumes: [],
    policies: [policy],
    notCarriedOut: [],
  };
}
