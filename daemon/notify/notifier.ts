import { setTimeout as pause } from 'node:timers/promises';
import type { NotificationStatus, Status } from '../../state-schema/generated/status.ts';
import { reasonSentences } from '../../state-schema/reasons.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { isoSeconds } from '../clock.ts';
import { faultOf, type Fault } from '../errors.ts';
import { shortId } from '../short-id.ts';
import type { OutgoingMessage, Store } from '../store/store.ts';
import { composeMessage, testMessage } from './compose-message.ts';
import { bringMessage, type CourierParts } from './courier.ts';
import { DeadMan, type DeadManParts } from './dead-man.ts';
import { judgeNews, NEWS_LIMITS, type News, type NewsLimits } from './judge-news.ts';
import { Outbox, type OutboxParts } from './outbox.ts';
import { standingsOf } from './standings-of.ts';
import { targetsOf, wants, type Target } from './target.ts';
import { TargetStates } from './target-states.ts';
import { NOTHING_TOLD, parseTold, type Told } from './told.ts';

/** Whatever else happens, it is looked this often whether a policy is overdue or a check wants its ping. Milliseconds. */
const EVERY_MS = 60_000;

/** How long what is being sent may still take when the daemon ends. Milliseconds. */
const LAST_MS = 2_000;

/** What telling people needs. */
export interface NotifierParts extends Omit<CourierParts, 'signal'> {
  readonly store: Pick<Store, 'fact' | 'tell' | 'outbox' | 'settleMessage'>;
  readonly emit: OutboxParts['emit'];
  readonly clockFault: OutboxParts['clockFault'];
  readonly stuck: DeadManParts['stuck'];
  /** Name of this host. */
  readonly host: string;
  /** Whether messages hold no names of files and users, as on the status branch. */
  readonly redact: boolean;
  /** How the host is now. */
  readonly status: () => Promise<Status>;
  /** What is in force; undefined before there is anything. */
  readonly state: () => HostState | undefined;
  readonly limits?: NewsLimits;
  /** In [0, 1), for the spread of new attempts. */
  readonly random: () => number;
}

/** What came of a test message. */
export interface NotificationTest {
  readonly to: string;
  readonly fault?: Fault;
}

/**
 * Tells people what changed for the worse, and what is well again. It compares how things are with what it last told, so a
 * restart, a crash or a full disk makes news late at the worst; what is told and that it was told are one step of the store.
 */
export class Notifier implements AsyncDisposable {
  readonly #parts: NotifierParts;
  readonly #stop = new AbortController();
  readonly #states: TargetStates;
  readonly #outbox: Outbox;
  readonly #deadMan: DeadMan;
  readonly #courier: CourierParts;
  #told: Told = NOTHING_TOLD;
  /** Whether the store knows what was told. */
  #isKept = true;
  #look: Promise<void> | undefined;
  #lookAgain = false;
  #interval: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isStarted = false;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.#courier = { ...parts, signal: this.#stop.signal };
    this.#states = new TargetStates(parts);
    const delivering = { ...parts, signal: this.#stop.signal, states: this.#states };
    this.#outbox = new Outbox(delivering);
    this.#deadMan = new DeadMan(delivering);
  }

  /** Begins: what was told before, and what could not be delivered, is taken up again. Never rejects. */
  async start(): Promise<void> {
    try {
      this.#told = parseTold(await this.#parts.store.fact('notify.told'));
      await this.#states.load(this.#targets().map(({ id }) => id));
    } catch (error) {
      this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
    }
    this.#isStarted = true;
    this.#deadMan.started(this.#targets());
    this.#interval = setInterval(() => void this.look(), EVERY_MS);
    await this.look();
  }

  /** Looks what is news, and sees to its delivery. Resolves when it is recorded. Never rejects. */
  async look(): Promise<void> {
    if (!this.#isStarted) return;
    this.#lookAgain = true;
    this.#look ??= this.#lookWhileAsked().finally(() => {
      this.#look = undefined;
    });
    await this.#look;
  }

  /** Says that a run has begun. */
  runStarted(policy: string): void {
    if (this.#isStarted) this.#deadMan.runStarted(policy, this.#targets());
  }

  /** Where news goes, and whether it arrives; absent when nowhere. */
  statuses(): { readonly notifications?: NotificationStatus[] } {
    const targets = this.#targets();
    return targets.length === 0 ? {} : { notifications: this.#states.statuses(targets.map(({ id }) => id)) };
  }

  /** Sends a message to every target that shows that it arrives, and tries at once whatever waits. */
  async test(): Promise<readonly NotificationTest[]> {
    const { clock, host } = this.#parts;
    const message = testMessage({ id: shortId(), host, at: isoSeconds(clock.now()) });
    const targets = this.#targets();
    this.#states.retryNow();
    const results = await Promise.all(
      targets.map(async (target): Promise<NotificationTest> => {
        const delivery = await bringMessage(target, message, this.#courier);
        await this.#states
          .record(target.id, delivery)
          .catch((error: unknown) => this.#states.tellUnkept(error));
        return delivery.kind === 'delivered' ? { to: target.id } : { to: target.id, fault: delivery.fault };
      }),
    );
    this.#outbox.wake(targets);
    return results;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#interval);
    clearTimeout(this.#soon);
    this.#isStarted = false;
    await this.#look;
    const ended = Promise.all([this.#outbox[Symbol.asyncDispose](), this.#deadMan.idle()]);
    // What is nearly there need not be sent again after the next start.
    await Promise.race([ended, pause(LAST_MS, undefined, { ref: false })]);
    this.#stop.abort();
    await ended;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#lookAgain && this.#isStarted) {
      this.#lookAgain = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        this.#parts.emit({ kind: 'store.failed', fault: faultOf(error) });
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const { clock, limits = NEWS_LIMITS } = this.#parts;
    const state = this.#parts.state();
    if (state === undefined) return;
    const targets = targetsOf(state.notify);
    await this.#states.load(targets.map(({ id }) => id));
    // Nobody to tell: what is found then is news for whoever is named first.
    if (targets.length === 0) return;
    const status = await this.#parts.status();
    const now = clock.now();
    const standings = standingsOf(status, state, now);
    const answer = judgeNews({ told: this.#told, standings, now, limits });
    await this.#tell(answer.news, answer.told, targets);
    this.#outbox.wake(targets);
    this.#deadMan.look(targets, {
      troubles: (target) => troublesTold(this.#told, target, this.#parts.redact),
      policies: status.policies,
    });
    clearTimeout(this.#soon);
    if (answer.lookAgainAt === undefined) return;
    const ms = Math.min(Math.max(answer.lookAgainAt.getTime() - now.getTime(), 1), EVERY_MS);
    this.#soon = setTimeout(() => void this.look(), ms);
  }

  /** In one step of the store. When it takes nothing, the messages go out from memory: that disk may be the news. */
  async #tell(news: readonly News[], told: Told, targets: readonly Target[]): Promise<void> {
    const { store, clock, emit, host, redact } = this.#parts;
    const after = withTargets(told, news, targets);
    const held = this.#isKept ? [] : this.#outbox.takeHeld();
    if (this.#isKept && JSON.stringify(after) === JSON.stringify(this.#told)) return;
    const at = isoSeconds(clock.now());
    const messages = targets.flatMap((target): readonly OutgoingMessage[] => {
      const wanted = news.filter((one) => wants(target, one));
      // The check of a host is told by its pings.
      if (wanted.length === 0 || target.service === 'healthchecks') return [];
      const message = composeMessage(wanted, { id: shortId(), host, at, redact });
      return [{ target: target.id, body: JSON.stringify(message) }];
    });
    this.#told = after;
    try {
      await store.tell(JSON.stringify(after), [...held, ...messages]);
      this.#isKept = true;
    } catch (error) {
      this.#isKept = false;
      this.#outbox.hold([...held, ...messages]);
      emit({ kind: 'store.failed', fault: faultOf(error) });
    }
  }

  #targets(): readonly Target[] {
    const state = this.#parts.state();
    return state === undefined ? [] : targetsOf(state.notify);
  }
}

/** Remembers of each piece of news whom it is told to. */
function withTargets(told: Told, news: readonly News[], targets: readonly Target[]): Told {
  const subjects = { ...told.subjects };
  for (const one of news) {
    const subject = subjects[one.trouble.subject];
    if (subject?.told === undefined) continue;
    const to = new Set([
      ...subject.told.to,
      ...targets.filter((target) => wants(target, one)).map(({ id }) => id),
    ]);
    subjects[one.trouble.subject] = { ...subject, told: { ...subject.told, to: [...to] } };
  }
  return { ...told, subjects };
}

function troublesTold(told: Told, { id }: Target, redact: boolean): string | undefined {
  const lines = Object.values(told.subjects)
    .filter((one) => one.goneAt === undefined && one.told?.to.includes(id) === true)
    .map(
      ({ trouble }) => `${trouble.subject}: ${redact ? reasonSentences[trouble.reason] : trouble.message}`,
    );
  return lines.length === 0 ? undefined : lines.join('\n');
}
