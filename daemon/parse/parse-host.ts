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

/**
 * `parseHostState` in a thread of its own, so that a large or hostile repo never stops the daemon's clock. Files that
 * take more than a minute or a GiB are refused as too large. Rejects only with the reason of `signal`.
 */
export async function parseOffThread(
  input: HostStateInput,
  signal?: AbortSignal,
  limits: ParseLimits = { timeoutMs: TIMEOUT_MS, memoryMib: MEMORY_MIB },
): Promise<ParseOutcome> {
  signal?.throwIfAborted();
  const end = await runWorker(input, signal, limits);
  switch (end.kind) {
    case 'answered':
      return end.result;
    case 'aborted':
      throw end.reason;
    case 'timed-out':
      return tooMuch(input.host, `reading its files took more than ${limits.timeoutMs / 1000} seconds`);
    case 'out-of-memory':
      return tooMuch(input.host, `reading its files took more than ${limits.memoryMib} MiB of memory`);
    case 'died':
      return { ok: false, problems: [], fault: parserFault(input.host, end.why) };
  }
}

type WorkerEnd =
  | { readonly kind: 'answered'; readonly result: HostStateResult }
  | { readonly kind: 'aborted'; readonly reason: Error }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'died'; readonly why: string };

async function runWorker(
  input: HostStateInput,
  signal: AbortSignal | undefined,
  limits: ParseLimits,
): Promise<WorkerEnd> {
  const { copy, buffers } = copyInput(input);
  const worker = new Worker(new URL('./parse-worker.js', import.meta.url), {
    workerData: copy,
    transferList: buffers,
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMib },
    // It needs nothing from outside, so it gets nothing.
    env: {},
  });
  const cleanups = new AbortController();
  try {
    return await firstEnd(worker, { timeoutMs: limits.timeoutMs, signal, done: cleanups.signal });
  } finally {
    cleanups.abort();
    await worker.terminate();
  }
}

function firstEnd(
  worker: Worker,
  {
    timeoutMs,
    signal,
    done,
  }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined; readonly done: AbortSignal },
): Promise<WorkerEnd> {
  return new Promise((resolve) => {
    takePieces(worker, (result) => resolve({ kind: 'answered', result }));
    worker.once('error', (error) => resolve(endOf(error)));
    worker.once('exit', (code) =>
      resolve({ kind: 'died', why: `it ended with status ${code} and no answer` }),
    );
    const timer = setTimeout(() => resolve({ kind: 'timed-out' }), timeoutMs);
    done.addEventListener('abort', () => clearTimeout(timer), { once: true });
    signal?.addEventListener('abort', () => resolve({ kind: 'aborted', reason: reasonOf(signal) }), {
      once: true,
      signal: done,
    });
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
 * between them. The maps have no prototype, which objects lose on the way between threads.
 */
function takePieces(worker: Worker, resolve: (result: HostStateResult) => void): void {
  const maps = Object.fromEntries(
    NAMED_SECTIONS.map((section) => [section, Object.create(null) as Record<string, unknown>]),
  );
  worker.on('message', (message: ParseMessage) => {
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
  });
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
