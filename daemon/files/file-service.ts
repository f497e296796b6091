import { Worker } from 'node:worker_threads';
import { Transient } from '../errors.ts';
import type { FileAnswer, FileRequest, Numbered } from './file-protocol.ts';

interface Pending {
  readonly resolve: (answer: FileAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The main thread's side of the file worker: one request at a time goes over, answers come back as promises.
 * A worker that dies fails what was asked of it, and the next request starts another.
 */
export class FileService implements AsyncDisposable {
  readonly #root: string;
  #worker: Worker | undefined;
  #declared: FileRequest | undefined;
  #number = 0;
  readonly #pending = new Map<number, Pending>();

  /** `root` is the host settings' root: the prefix of every host path. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Sends a request. Rejects with `Transient` when the worker dies. */
  async ask(request: FileRequest): Promise<FileAnswer> {
    if (request.kind === 'declare') this.#declared = request;
    else if (this.#worker === undefined && this.#declared !== undefined) await this.#send(this.#declared);
    return this.#send(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #send(body: FileRequest): Promise<FileAnswer> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
      worker.postMessage({ number, body } satisfies Numbered<FileRequest>);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./file-worker.js', import.meta.url), {
      workerData: { root: this.#root },
    });
    worker.on('message', (answer: Numbered<FileAnswer>) => {
      this.#pending.get(answer.number)?.resolve(answer.body);
      this.#pending.delete(answer.number);
    });
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('it ended')));
    return worker;
  }

  #fail(worker: Worker, cause: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const pending of this.#pending.values()) {
      pending.reject(
        new Transient(
          {
            reason: 'InternalError',
            message: `the file worker stopped: ${cause.message}; it is started again`,
          },
          { cause },
        ),
      );
    }
    this.#pending.clear();
  }
}
