import { Worker } from 'node:worker_threads';
import type { PlaceAnswer, PlaceQuestion, PlaceSeen } from './place-protocol.ts';

/** How long a disk may take to answer; one that spins up needs about ten seconds. Milliseconds. */
const PATIENCE_MS = 30_000;

interface Asked {
  readonly place: string;
  readonly resolve: (seen: PlaceSeen) => void;
}

interface Running {
  readonly worker: Worker;
  /** In the order they were asked: the worker is at the first. */
  readonly asked: Map<number, Asked>;
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
  look(place: string): Promise<PlaceSeen> {
    if (this.#silent.has(place)) return Promise.resolve(unreadable('ETIMEDOUT'));
    return new Promise((resolve) => this.#ask({ place, resolve }));
  }

  #ask(asked: Asked): void {
    this.#running ??= this.#start();
    const running = this.#running;
    const number = ++this.#number;
    running.asked.set(number, asked);
    running.worker.ref();
    running.worker.postMessage({ number, place: asked.place } satisfies PlaceQuestion);
    this.#wait(running);
  }

  #start(): Running {
    const worker = new Worker(new URL('./place-worker.js', import.meta.url), { env: {} });
    const running: Running = { worker, asked: new Map() };
    worker.on('message', ({ number, seen }: PlaceAnswer) => this.#take(running, number, seen));
    worker.on('error', () => this.#end(running));
    worker.on('exit', () => this.#end(running));
    return running;
  }

  #take(running: Running, number: number, seen: PlaceSeen): void {
    const asked = running.asked.get(number);
    running.asked.delete(number);
    clearTimeout(running.timer);
    delete running.timer;
    asked?.resolve(seen);
    if (running.asked.size === 0) running.worker.unref();
    else this.#wait(running);
  }

  #wait(running: Running): void {
    running.timer ??= setTimeout(() => this.#leaveBehind(running), this.#patienceMs);
  }

  #leaveBehind(running: Running): void {
    const [dead, ...others] = running.asked.values();
    running.asked.clear();
    if (this.#running === running) this.#running = undefined;
    // It ends by itself when the disk answers after all.
    running.worker.unref();
    void running.worker.terminate();
    if (dead !== undefined) {
      this.#silent.add(dead.place);
      running.worker.once('exit', () => this.#silent.delete(dead.place));
      dead.resolve(unreadable('ETIMEDOUT'));
    }
    for (const asked of others) {
      if (this.#silent.has(asked.place)) asked.resolve(unreadable('ETIMEDOUT'));
      else this.#ask(asked);
    }
  }

  #end(running: Running): void {
    clearTimeout(running.timer);
    if (this.#running === running) this.#running = undefined;
    for (const { resolve } of running.asked.values()) resolve(unreadable('EIO'));
    running.asked.clear();
  }
}

function unreadable(code: string): PlaceSeen {
  return { top: { kind: 'unreadable', code }, sentinel: { kind: 'absent' } };
}
