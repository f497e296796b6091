import { Worker } from 'node:worker_threads';
import { Transient } from '../errors.ts';
import type { FileAnswer, FileRequest, Numbered } from './file-protocol.ts';

interface Pending {
  readonly resolve: (answer: FileAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A worker with what was asked of it: the end of one worker is nothing to the questions of the next. */
interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/**
 * The main thread's side of the file worker: one request at a time goes over, answers come back as promises.
 * A worker that dies fails what was asked of it, and the next request starts another.
 */
export class FileService implements AsyncDisposable {
  readonly #root: string;
  #running: Running | undefined;
  #declared: FileRequest | undefined;
  #number = 0;

  /** `root` is the host settings' root: the prefix of every host path. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Sends a request. Rejects with `Transient` when the worker dies. */
  ask(request: FileRequest): Promise<FileAnswer> {
    this.#running ??= this.#start();
    if (request.kind === 'declare') this.#declared = request;
    const { worker, pending } = this.#running;
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      pending.set(number, { resolve, reject });
      worker.postMessage({ number, body: request } satisfies Numbered<FileRequest>);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    await running.worker.terminate();
    this.#fail(running, new Error('it was ended'));
  }

  /** A new worker knows nothing: before anything else it hears again what was declared. */
  #start(): Running {
    const worker = new Worker(new URL('./file-worker.js', import.meta.url), {
      workerData: { root: this.#root },
    });
    const running: Running = { worker, pending: new Map() };
    if (this.#declared !== undefined)
      worker.postMessage({ number: 0, body: this.#declared } satisfies Numbered<FileRequest>);
    worker.on('message', (answer: Numbered<FileAnswer>) => {
      running.pending.get(answer.number)?.resolve(answer.body);
      running.pending.delete(answer.number);
    });
    worker.on('error', (error) => this.#fail(running, error));
    worker.on('exit', () => this.#fail(running, new Error('it ended')));
    return running;
  }

  #fail(running: Running, cause: Error): void {
    if (this.#running === running) this.#running = undefined;
    for (const { reject } of running.pending.values()) {
      const message = `the file worker stopped: ${cause.message}; it is started again`;
      reject(new Transient({ reason: 'InternalError', message }, { cause }));
    }
    running.pending.clear();
  }
}
