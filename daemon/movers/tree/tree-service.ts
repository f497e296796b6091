import { Worker } from 'node:worker_threads';
import { Stalled, Transient } from '../../errors.ts';
import type { TreeAnswers, TreeMessage, TreeReply, TreeRequest } from './tree-protocol.ts';

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a run may be told of while a request is under way. */
export interface TreeServiceOptions {
  /** Ends every request; it then rejects. */
  readonly signal: AbortSignal;
  /** So many things were seen since the request under way began. */
  readonly onSeen?: (seen: number) => void;
}

/**
 * The thread of one run that walks its trees. A disk that never answers keeps the thread; the run is over all the same,
 * and the thread ends by itself when the disk answers after all.
 */
export class TreeService implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #stop = new SharedArrayBuffer(4);
  readonly #options: TreeServiceOptions;
  readonly #pending = new Map<number, Pending>();
  #number = 0;
  #gone: Error | undefined;

  constructor(options: TreeServiceOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./tree-worker.js', import.meta.url), {
      workerData: { stop: this.#stop },
      env: {},
    });
    this.#worker.on('message', (reply: TreeReply) => this.#take(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('it ended')));
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal.aborted) this.#onAbort();
  }

  /** Sends a request. Rejects with `Transient` when the disk fails or the run is stopped, and nothing more is done then. */
  ask<Kind extends TreeRequest['kind']>(
    request: Extract<TreeRequest, { readonly kind: Kind }>,
  ): Promise<TreeAnswers[Kind]> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      // The worker answers each kind of request with its own kind of answer: its switch is checked for that.
      this.#pending.set(number, { resolve: (answer) => resolve(answer as TreeAnswers[Kind]), reject });
      this.#worker.postMessage({ number, request } satisfies TreeMessage);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    Atomics.store(new Int32Array(this.#stop), 0, 1);
    this.#worker.unref();
    if (this.#pending.size === 0) await this.#worker.terminate();
    else void this.#worker.terminate();
  }

  readonly #onAbort = (): void => {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
  };

  #take(reply: TreeReply): void {
    if (reply.kind === 'progress') {
      this.#options.onSeen?.(reply.seen);
      return;
    }
    const asked = this.#pending.get(reply.number);
    this.#pending.delete(reply.number);
    if (reply.kind === 'answer') asked?.resolve(reply.answer);
    else asked?.reject(fault(reply));
  }

  #fail(cause: Error): void {
    const message = `the thread that walks the trees stopped: ${cause.message}`;
    this.#gone ??= new Transient({ reason: 'InternalError', message }, { cause });
    for (const { reject } of this.#pending.values()) reject(this.#gone);
    this.#pending.clear();
  }
}

function fault({ code, message }: Extract<TreeReply, { kind: 'failed' }>): Error {
  if (code === 'EACCES' || code === 'EPERM') return new Stalled({ reason: 'NotPermitted', message });
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Transient({ reason: 'NoSpace', message });
  return new Transient({ reason: 'InputOutputError', message });
}
