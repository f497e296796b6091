import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { parseHostState, type HostStateInput } from '../../state-schema/parse/parse-host-state.ts';

// The thread that parse-host.ts starts: it parses what it was given, answers and ends. Imported elsewhere it does nothing.
if (!isMainThread && parentPort !== null) {
  parentPort.postMessage(parseHostState(workerData as HostStateInput));
}
