import { Worker } from 'node:worker_threads';
import type { HostState } from '../../state-schema/host-state.ts';
import { NAMED_SECTIONS } from '../../state-schema/parse/merge-files.ts';
import type { HostStateInput, HostStateResult } from '../../state-schema/parse/parse-host-state.ts';
import type { Problem } from '../../state-schema/problem.ts';
import { escapeControls } from '../../state-schema/quote.ts';
import type { StateEntry } from '../../state-schema/state-entry.ts';
import type { Fault } from '../errors.ts';
import { taken, type ParseMessage } from './parse-message.ts';

const TIMEOUT_MS = 60_000;
// 16 MiB of YAML, the most a host may have, need about half of this.
const MEMORY_MIB = 1024;

/**
 * How parsing ended. With a `fault` the parser itself could not run, which says nothing about the files; it may work
 * next time.
 */
export type ParseOutcome =
  | HostStateResult
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly fault: Fault };

/** What one parsing may use. Tests make it small. */
export interface ParseLimits {
  readonly timeoutMs: number;
  readonly memoryMib: number;
}

/** A thread that parsed more than this is let go, and its memory with it. Bytes. */
const KEEP_BELOW_BYTES = 1024 * 1024;

/**
 * `parseHostState` in a thread of its own, so that a large or hostile repo never stops the daemon's clock. The thread is
 * started ahead and kept: loading the parser and its schema takes far longer than reading the files of a host.
 */
export class HostParser implements AsyncDisposable {
  readonly #limits: ParseLimits;
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(limits: ParseLimits = { timeoutMs: TIMEOUT_MS, memoryMib: MEMORY_MIB }) {
    this.#limits = limits;
  }

  /** Starts the thread, so that the next parsing need not wait for it. */
  warm(): void {
    this.#worker ??= this.#start();
  }

  /**
   * Reads the files of a host. Files that take more than a minute or a GiB are refused as too large. One at a time.
   * Rejects only with the reason of `signal`.
   */
  parse(input: HostStateInput, signal?: AbortSignal): Promise<ParseOutcome> {
    const turn = this.#turn.then(() => this.#parse(input, signal));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #parse(input: HostStateInput, signal: AbortSignal | undefined): Promise<ParseOutcome> {
    signal?.throwIfAborted();
    const end = await this.#ask(input, signal);
    const { timeoutMs, memoryMib } = this.#limits;
    switch (end.kind) {
      case 'answered':
        return end.result;
      case 'aborted':
        throw end.reason;
      case 'timed-out':
        return tooMuch(input.host, `reading its files took more than ${timeoutMs / 1000} seconds`);
      case 'out-of-memory':
        return tooMuch(input.host, `reading its files took more than ${memoryMib} MiB of memory`);
      case 'died':
        return { ok: false, problems: [], fault: parserFault(input.host, end.why) };
    }
  }

  async #ask(input: HostStateInput, signal: AbortSignal | undefined): Promise<WorkerEnd> {
    const worker = this.#worker ?? this.#start();
    this.#worker = undefined;
    const { copy, buffers } = copyInput(input);
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    const done = new AbortController();
    try {
      const ended = firstEnd(worker, { timeoutMs: this.#limits.timeoutMs, signal, done: done.signal });
      worker.postMessage(copy, buffers);
      const end = await ended;
      if (end.kind === 'answered' && bytes <= KEEP_BELOW_BYTES) this.#worker = worker;
      return end;
    } finally {
      done.abort();
      if (this.#worker !== worker) await worker.terminate();
    }
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
  }

  #start(): Worker {
    const worker = startWorker(this.#limits);
    // One that dies while it has nothing to do is replaced when it is needed.
    return worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
  }
}

/** One parsing with a thread just for it. */
export async function parseOffThread(
  input: HostStateInput,
  signal?: AbortSignal,
  limits?: ParseLimits,
): Promise<ParseOutcome> {
  await using parser = new HostParser(limits);
  return await parser.parse(input, signal);
}

type WorkerEnd =
  | { readonly kind: 'answered'; readonly result: HostStateResult }
  | { readonly kind: 'aborted'; readonly reason: Error }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'died'; readonly why: string };

function startWorker(limits: ParseLimits): Worker {
  const worker = new Worker(new URL('./parse-worker.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMib },
    // It needs nothing from outside, so it gets nothing.
    env: {},
  });
  worker.unref();
  return worker;
}

interface Waiting {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Aborted when the answer is there: everything that waits for it goes away. */
  readonly done: AbortSignal;
}

function firstEnd(worker: Worker, { timeoutMs, signal, done }: Waiting): Promise<WorkerEnd> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'timed-out' }), timeoutMs);
    const stopTaking = takePieces(worker, (result) => resolve({ kind: 'answered', result }));
    function onError(error: Error): void {
      resolve(endOf(error));
    }
    function onExit(code: number): void {
      resolve({ kind: 'died', why: `it ended with status ${code} and no answer` });
    }
    worker.once('error', onError).once('exit', onExit);
    signal?.addEventListener('abort', () => resolve({ kind: 'aborted', reason: reasonOf(signal) }), {
      once: true,
      signal: done,
    });
    done.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        stopTaking();
        worker.off('error', onError).off('exit', onExit);
      },
      { once: true },
    );
  });
}

/** Bytes of a Git object may be a window into a whole pack; only the window goes over, and the caller keeps its own. */
function copyInput({ host, entries, allow }: HostStateInput): {
  readonly copy: HostStateInput;
  readonly buffers: ArrayBuffer[];
} {
  const buffers: ArrayBuffer[] = [];
  const copies = entries.map((entry): StateEntry => {
    if (entry.bytes === undefined) return entry;
    const bytes = new Uint8Array(entry.bytes);
    buffers.push(bytes.buffer);
    return { ...entry, bytes };
  });
  return { copy: { host, entries: copies, ...(allow === undefined ? {} : { allow }) }, buffers };
}

function endOf(error: Error): WorkerEnd {
  const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory ? { kind: 'out-of-memory' } : { kind: 'died', why: error.message };
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('parsing was given up', { cause: reason });
}

/**
 * Puts the pieces of a state together. Each is asked for in a turn of its own, so that timers and sockets are served
 * between them. The maps have no prototype, which objects lose on the way between threads. Returns how to stop.
 */
function takePieces(worker: Worker, resolve: (result: HostStateResult) => void): () => void {
  const maps = Object.fromEntries(
    NAMED_SECTIONS.map((section) => [section, Object.create(null) as Record<string, unknown>]),
  );
  function take(message: ParseMessage): void {
    switch (message.kind) {
      case 'piece':
        for (const [name, value] of message.entries) (maps[message.section] ?? {})[name] = value;
        setImmediate(() => worker.postMessage(taken));
        return;
      case 'accepted':
        resolve({ ok: true, state: { ...message.rest, ...(maps as Partial<HostState>) } });
        return;
      case 'refused':
        resolve({ ok: false, problems: message.problems });
    }
  }
  worker.on('message', take);
  return () => worker.off('message', take);
}

function tooMuch(host: string, what: string): ParseOutcome {
  const folder = escapeControls(`hosts/${host}`);
  const message = `${folder} is too large: ${what}; make its files smaller`;
  return {
    ok: false,
    problems: [{ code: 'too-large', message, file: folder, line: 1, column: 1, pointer: '' }],
  };
}

function parserFault(host: string, why: string): Fault {
  const message = `the files of hosts/${escapeControls(host)} could not be read because the parser stopped: ${why}`;
  return { reason: 'RevisionUnreadable', message };
}
