import { parentPort, workerData } from 'node:worker_threads';
import { errorCode } from './error-code.ts';
import { TreeWalker } from './tree-walker.ts';
import type { TreeMessage, TreeReply } from './tree-protocol.ts';

/** How many things are seen between two words of progress. */
const TELL_EVERY = 5_000;

const port = parentPort;
if (port !== null) {
  const stop = new Int32Array((workerData as { readonly stop: SharedArrayBuffer }).stop);
  let seen = 0;
  function tell(reply: TreeReply): void {
    port?.postMessage(reply);
  }
  const walker = new TreeWalker(() => {
    if (Atomics.load(stop, 0) !== 0) throw new Error('stopped');
    seen++;
    if (seen % TELL_EVERY === 0) tell({ kind: 'progress', seen });
  });
  port.on('message', ({ number, request }: TreeMessage) => {
    seen = 0;
    try {
      tell({ kind: 'answer', number, answer: walker.answer(request) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tell({ kind: 'failed', number, code: errorCode(error), message });
    }
  });
}
