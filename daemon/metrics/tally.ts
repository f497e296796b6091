import type { Pass } from '../../state-schema/generated/history.ts';
import type { Clock } from '../clock.ts';
import type { AnchordEvent } from '../events.ts';
import type { HookResult } from '../hook-result.ts';

/** Why looks happen. */
export type LookCause = Extract<AnchordEvent, { kind: 'look.started' }>['cause'];
/** What a look can come to. */
export type LookResult = 'unchanged' | 'accepted' | 'rejected' | 'failed';

/** What has happened since the start of the process. Keys of maps are closed words, so nothing grows without end. */
export interface Counts {
  /** By cause and result, with a space between. */
  readonly looks: ReadonlyMap<string, number>;
  /** When the remote last answered. UTC, ISO 8601. */
  readonly lastAnswerAt?: string;
  readonly rounds: number;
  /** Of all rounds together. */
  readonly roundSeconds: number;
  readonly lastRoundSeconds?: number;
  /** When a round last ended. UTC, ISO 8601. */
  readonly lastRoundAt?: string;
  readonly passes: ReadonlyMap<Pass['result'], number>;
  readonly published: number;
  readonly publishFailures: number;
  /** Calls of the webhook, by result. */
  readonly hooks: ReadonlyMap<HookResult, number>;
  /** Readers of live events that were cut off because they did not keep up. */
  readonly streamsCutOff: number;
}

type Plain = Omit<Counts, 'looks' | 'passes' | 'hooks'>;

/** Counts what the daemon reports, for the metrics. */
export class Tally {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #looks = new Map<string, number>();
  readonly #passes = new Map<Pass['result'], number>();
  readonly #hooks = new Map<HookResult, number>();
  #counts: Plain = {
    rounds: 0,
    roundSeconds: 0,
    published: 0,
    publishFailures: 0,
    streamsCutOff: 0,
  };
  /** What the look of this round came to so far; undefined between rounds. */
  #look: { readonly cause: LookCause; readonly result: LookResult } | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get counts(): Counts {
    return { ...this.#counts, looks: this.#looks, passes: this.#passes, hooks: this.#hooks };
  }

  /** Takes an event of the daemon. */
  take(event: AnchordEvent): void {
    switch (event.kind) {
      case 'look.started':
        // What says nothing more was not answered.
        this.#look = { cause: event.cause, result: 'failed' };
        return;
      case 'look.ended':
        this.#change({ lastAnswerAt: this.#now() });
        // What is new is rejected until it is trusted; one that was rejected before is not told of again.
        this.#found(event.isNew ? 'rejected' : 'unchanged');
        return;
      case 'revision.trusted':
        this.#found('accepted');
        return;
      case 'look.failed':
        this.#found('failed');
        return;
      case 'pass.ended':
        add(this.#passes, event.pass.result);
        return;
      case 'status.published':
        this.#change({ published: this.#counts.published + 1 });
        return;
      case 'status.failed':
        this.#change({ publishFailures: this.#counts.publishFailures + 1 });
        return;
      default: // nothing that is counted
    }
  }

  /** A round has ended; only now is it known what its look came to. */
  roundEnded(ms: number): void {
    const { rounds, roundSeconds } = this.#counts;
    const seconds = ms / 1000;
    this.#change({
      rounds: rounds + 1,
      roundSeconds: roundSeconds + seconds,
      lastRoundSeconds: seconds,
      lastRoundAt: this.#now(),
    });
    if (this.#look !== undefined) add(this.#looks, `${this.#look.cause} ${this.#look.result}`);
    this.#look = undefined;
  }

  /** The webhook was called. */
  hookCalled(result: HookResult): void {
    add(this.#hooks, result);
  }

  /** A reader of live events was cut off. */
  streamCutOff(): void {
    this.#change({ streamsCutOff: this.#counts.streamsCutOff + 1 });
  }

  #found(result: LookResult): void {
    if (this.#look !== undefined) this.#look = { ...this.#look, result };
  }

  #change(change: Partial<Plain>): void {
    this.#counts = { ...this.#counts, ...change };
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
