import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { AnchordEvent } from '../../daemon/events.ts';
import { MAIN } from './main-file.ts';
import { PATIENCE_MS } from './patience.ts';

/**
 * A point in the story of a process, after which an event is waited for. What was told before it does not count, also when
 * it was not read yet: while a test runs a program it reads nothing, and a daemon goes on.
 */
export interface Moment {
  /** How many events had been read. */
  readonly seen: number;
  /** When it was, by the clock that the events carry. Milliseconds. */
  readonly time: number;
}

/** Before anything was told. */
const BEGINNING: Moment = { seen: 0, time: 0 };

type EventOf<Kind extends AnchordEvent['kind']> = Extract<AnchordEvent, { kind: Kind }>;

/** The real program in a process of its own, read by the events it logs. */
export class AnchordProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #events: AnchordEvent[] = [];
  /** When each of them was told. */
  readonly #times: number[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  #hasEnded = false;
  stderr = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#hasEnded = true;
        resolve({ code, signal });
        this.#tell();
      });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
  }

  /** Starts `anchord ARGS`; it should log JSON. `through`: a program that starts it, such as nsenter, with its arguments. */
  static start(
    args: readonly string[],
    options: {
      readonly cwd?: string;
      readonly env?: Record<string, string>;
      readonly through?: readonly string[];
    } = {},
  ): AnchordProcess {
    const node = [process.execPath, '--enable-source-maps', MAIN, ...args];
    const [program = '', ...rest] = [...(options.through ?? []), ...node];
    const child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    return new AnchordProcess(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything told so far. */
  get events(): readonly AnchordEvent[] {
    return this.#events;
  }

  /** Now: for an event that must come of what is done next. */
  now(): Moment {
    return { seen: this.#events.length, time: Date.now() };
  }

  /** The moment right after an event that was found. */
  after(event: AnchordEvent): Moment {
    return { seen: this.#events.indexOf(event) + 1, time: 0 };
  }

  /** The first event of a kind that fits, after a moment; waits for it, and fails when the process ends first. */
  async event<Kind extends AnchordEvent['kind']>(
    kind: Kind,
    fits: (event: EventOf<Kind>) => boolean = () => true,
    after: Moment = BEGINNING,
  ): Promise<EventOf<Kind>> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.#events.find(
        (event, index): event is EventOf<Kind> =>
          index >= after.seen &&
          (this.#times[index] ?? 0) >= after.time &&
          event.kind === kind &&
          fits(event as EventOf<Kind>),
      );
      if (found !== undefined) return found;
      if (this.#hasEnded || deadline.aborted)
        throw new Error(
          `no ${kind}: ${this.#hasEnded ? 'the process ended' : 'time is up'}\n${this.#story()}`,
        );
      await this.#news(deadline);
    }
  }

  /** Waits for an event after a moment, of a kind if one is given, but no longer than this; fails when the process has ended. */
  async news({ seen }: Moment, mostMs: number, kind?: AnchordEvent['kind']): Promise<void> {
    const deadline = AbortSignal.timeout(mostMs);
    while (!deadline.aborted) {
      if (this.#events.slice(seen).some((event) => kind === undefined || event.kind === kind)) return;
      if (this.#hasEnded) throw new Error(`nothing more happened: the process ended\n${this.#story()}`);
      await this.#news(deadline);
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(
    signal: NodeJS.Signals = 'SIGINT',
  ): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    if (!this.#hasEnded) this.#child.kill(signal);
    return this.#ended;
  }

  /** Waits until it ends by itself. */
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
  }

  #take(line: string): void {
    try {
      const { event, time = '' } = JSON.parse(line) as { readonly event?: string; readonly time?: string };
      if (event === undefined) return;
      this.#events.push(JSON.parse(line) as AnchordEvent);
      this.#times.push(Date.parse(time));
    } catch {
      this.stderr += `${line}\n`; // not JSON: kept for the story of a failed test
    }
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  async #news(deadline: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#watchers.delete(done);
        deadline.removeEventListener('abort', done);
        resolve();
      };
      this.#watchers.add(done);
      deadline.addEventListener('abort', done, { once: true });
    });
  }

  #story(): string {
    return `${this.#events.map((event) => JSON.stringify(event)).join('\n')}\n${this.stderr}`;
  }
}
