import type { History } from '../../state-schema/generated/history.ts';
import type { Condition, Status } from '../../state-schema/generated/status.ts';
import { ask } from './ask.ts';
import type { AnchordProcess } from './anchord-process.ts';
import { PATIENCE_MS } from './patience.ts';

/** What no event tells of is looked at this often all the same. Milliseconds. */
const LOOK_EVERY_MS = 500;

/** Whether the host matches what is in force. In the middle of a round Ready may still speak of the revision before it. */
export function isReady({ conditions, source }: Status): boolean {
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && ready.observedRevision === source.applied;
}

/** A daemon that is watched by its events and by the page it serves. */
export abstract class WatchedDaemon {
  /** The running daemon. */
  abstract get anchord(): AnchordProcess;

  /** What the daemon's page shows now. */
  async status(): Promise<Status> {
    return (await this.#get('status.json')) as Status;
  }

  /** What the daemon remembers. */
  async history(): Promise<History> {
    return (await this.#get('history.json')) as History;
  }

  /** One condition as it is now. */
  async condition(type: Condition['type']): Promise<Condition | undefined> {
    return (await this.status()).conditions.find((condition) => condition.type === type);
  }

  /** Waits until the status is as it should be; asked again after each event, and now and then. */
  async until(isSo: (status: Status) => boolean): Promise<Status> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const asked = this.anchord.now();
      const status = await this.status();
      if (isSo(status)) return status;
      if (deadline.aborted) {
        const last = this.anchord.events.slice(-30).map((event) => JSON.stringify(event));
        throw new Error(`it never became so; status: ${JSON.stringify(status)}\n${last.join('\n')}`);
      }
      await this.anchord.news(asked, LOOK_EVERY_MS);
    }
  }

  /** Waits until a condition has this status, and this reason if one is given. */
  untilCondition(
    type: Condition['type'],
    is: Condition['status'],
    reason?: Condition['reason'],
  ): Promise<Status> {
    return this.until((status) =>
      status.conditions.some(
        (one) => one.type === type && one.status === is && (reason === undefined || one.reason === reason),
      ),
    );
  }

  /** Waits until a revision, or whatever is newest, is in force and the host matches it. */
  untilReady(revision?: string): Promise<Status> {
    return this.until(
      (status) => isReady(status) && (revision === undefined || status.source.applied === revision),
    );
  }

  /** Waits for a whole round that begins after now. */
  async nextRound(): Promise<void> {
    const started = await this.anchord.event('look.started', () => true, this.anchord.now());
    await this.anchord.event('look.started', () => true, this.anchord.after(started));
  }

  async #get(file: string): Promise<unknown> {
    const { url } = await this.anchord.event('daemon.listening');
    return (await ask(new URL(file, url))).json();
  }
}
