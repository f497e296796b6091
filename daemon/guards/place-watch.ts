import { Worker } from 'node:worker_threads';
import type { WriteSeen } from './volume-seen.ts';
import type { Footing, PlaceAnswer, PlaceQuestion, PlaceSeen } from './place-protocol.ts';

/** How long a disk may take to answer a look; one that spins up needs about ten seconds. Milliseconds. */
const PATIENCE_MS = 30_000;

type Unnumbered<Question> = Question extends PlaceQuestion ? Omit<Question, 'number'> : never;

interface Asked {
  readonly question: Unnumbered<PlaceQuestion>;
  readonly take: (answer: PlaceAnswer) => void;
  /** There will be no answer; `code` says why. */
  readonly giveUp: (code: string) => void;
}

interface Running {
  readonly worker: Worker;
  /** In the order they were asked: the worker is at the first. */
  readonly asked: Map<number, Asked>;
  /** A thread that has not started yet keeps nobody waiting who could be blamed for it. */
  isReady: boolean;
  timer?: NodeJS.Timeout;
}

/**
 * Looks at mount points in a thread of its own, one after the other. A dead disk never answers, and whatever thread asks
 * it is lost: of Node's own there are four, and without them nothing in the process goes on. Here the thread is left
 * behind, another goes on with the other disks, and nobody asks the dead one again before it has answered.
 */
export class PlaceWatch {
  readonly #patienceMs: number;
  readonly #silent = new Set<string>();
  #running: Running | undefined;
  #number = 0;

  constructor(patienceMs: number = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** What is at a place; `unreadable` with ETIMEDOUT when it does not answer. Never rejects. */
  look(place: string, inside: readonly string[] = []): Promise<PlaceSeen> {
    return new Promise((resolve) => {
      this.#ask({
        question: { kind: 'look', place, inside },
        take: (answer) => answer.kind === 'look' && resolve(answer.seen),
        giveUp: (code) => resolve({ top: { kind: 'unreadable', code }, sentinel: { kind: 'absent' } }),
      });
    });
  }

  /** Writes a few bytes to the disk at a place, if it is the one that was looked at. Never rejects. */
  write(place: string, footing: Footing): Promise<WriteSeen> {
    return new Promise((resolve) => {
      this.#ask({
        question: { kind: 'write', place, footing },
        take: (answer) => answer.kind === 'write' && resolve(answer.seen),
        giveUp: (code) => resolve({ kind: 'refused', code }),
      });
    });
  }

  #ask(asked: Asked): void {
    if (this.#silent.has(asked.question.place)) {
      asked.giveUp('ETIMEDOUT');
      return;
    }
    this.#running ??= this.#start();
    const running = this.#running;
    const number = ++this.#number;
    running.asked.set(number, asked);
    running.worker.ref();
    running.worker.postMessage({ number, ...asked.question } satisfies PlaceQuestion);
    this.#wait(running);
  }

  #start(): Running {
    const worker = new Worker(new URL('./place-worker.js', import.meta.url), { env: {} });
    const running: Running = { worker, asked: new Map(), isReady: false };
    worker.on('message', (said: PlaceAnswer | 'ready') => {
      if (said === 'ready') this.#begin(running);
      else this.#take(running, said);
    });
    worker.on('error', () => this.#end(running));
    worker.on('exit', () => this.#end(running));
    return running;
  }

  #begin(running: Running): void {
    running.isReady = true;
    if (running.asked.size > 0) this.#wait(running);
  }

  #take(running: Running, answer: PlaceAnswer): void {
    const asked = running.asked.get(answer.number);
    running.asked.delete(answer.number);
    clearTimeout(running.timer);
    delete running.timer;
    asked?.take(answer);
    if (running.asked.size === 0) running.worker.unref();
    else this.#wait(running);
  }

  #wait(running: Running): void {
    if (running.isReady) running.timer ??= setTimeout(() => this.#leaveBehind(running), this.#patienceMs);
  }

  #leaveBehind(running: Running): void {
    const [dead, ...others] = running.asked.values();
    running.asked.clear();
    if (this.#running === running) this.#running = undefined;
    // It ends by itself when the disk answers after all.
    running.worker.unref();
    void running.worker.terminate();
    if (dead !== undefined) {
      const { place } = dead.question;
      this.#silent.add(place);
      running.worker.once('exit', () => this.#silent.delete(place));
      dead.giveUp('ETIMEDOUT');
    }
    for (const asked of others) this.#ask(asked);
  }

  #end(running: Running): void {
    clearTimeout(running.timer);
    if (this.#running === running) this.#running = undefined;
    for (const { giveUp } of running.asked.values()) giveUp('EIO');
    running.asked.clear();
  }
}
