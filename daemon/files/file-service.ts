import { Worker } from 'node:worker_threads';
import { Transient } from '../errors.ts';
import type { FileAnswer, FileRequest, Numbered } from './file-protocol.ts';

/** Ten thousand directories take a second. Whatever takes this long hangs on a disk that does not answer. Milliseconds. */
const PATIENCE_MS = 5 * 60_000;

/** What a file service may be told. */
export interface FileServiceOptions {
  /** How long an answer may take. Milliseconds. Default: five minutes. */
  readonly patienceMs?: number;
  /** Called when a disk did not answer: which one, only a look at each can tell. */
  readonly onSilence?: () => void;
}

interface Pending {
  readonly resolve: (answer: FileAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
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
  readonly #options: FileServiceOptions;
  #running: Running | undefined;
  #declared: FileRequest | undefined;
  #number = 0;

  /** `root` is the host settings' root: the prefix of every host path. */
  constructor(root: string, options: FileServiceOptions = {}) {
    this.#root = root;
    this.#options = options;
  }

  /** Sends a request. Rejects with `Transient` when the worker dies or does not answer. */
  ask(request: FileRequest): Promise<FileAnswer> {
    this.#running ??= this.#start();
    if (request.kind === 'declare') this.#declared = request;
    const { worker, pending } = this.#running;
    const number = ++this.#number;
    const running = this.#running;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#abandon(running), this.#options.patienceMs ?? PATIENCE_MS);
      pending.set(number, { resolve, reject, timer });
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
      const asked = running.pending.get(answer.number);
      running.pending.delete(answer.number);
      clearTimeout(asked?.timer);
      asked?.resolve(answer.body);
    });
    worker.on('error', (error) => this.#fail(running, error));
    worker.on('exit', () => this.#fail(running, new Error('it ended')));
    return running;
  }

  /** A thread that waits for a dead disk cannot even be ended; it is left behind, and must not keep the process. */
  #abandon(running: Running): void {
    running.worker.unref();
    void running.worker.terminate();
    this.#options.onSilence?.();
    this.#fail(running, new Error('no answer for minutes; a disk may hang: dmesg'));
  }

  #fail(running: Running, cause: Error): void {
    if (this.#running === running) this.#running = undefined;
    for (const { reject, timer } of running.pending.values()) {
      clearTimeout(timer);
      const message = `the file worker stopped: ${cause.message}; it is started again`;
      reject(new Transient({ reason: 'InternalError', message }, { cause }));
    }
    running.pending.clear();
  }
}
