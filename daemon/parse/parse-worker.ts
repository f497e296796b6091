import { once } from 'node:events';
import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { NAMED_SECTIONS } from '../../state-schema/parse/merge-files.ts';
import { parseHostState, type HostStateInput } from '../../state-schema/parse/parse-host-state.ts';
import type { ParseMessage } from './parse-message.ts';

/** So many entries take a few milliseconds to arrive. */
const PIECE = 500;

// The thread that parse-host.ts starts: it parses what it was given, answers and ends. Imported elsewhere it does nothing.
if (!isMainThread && parentPort !== null) await answer(parentPort, workerData as HostStateInput);

/** A large state goes over in pieces, each when the last has been taken, so that the receiver can do other things in between. */
async function answer(port: MessagePort, input: HostStateInput): Promise<void> {
  const result = parseHostState(input);
  if (!result.ok) {
    port.postMessage({ kind: 'refused', problems: result.problems } satisfies ParseMessage);
    return;
  }
  const rest = { ...result.state };
  for (const section of NAMED_SECTIONS) {
    const entries = Object.entries(rest[section]);
    for (let start = 0; start < entries.length; start += PIECE) {
      port.postMessage({
        kind: 'piece',
        section,
        entries: entries.slice(start, start + PIECE),
      } satisfies ParseMessage);
      await once(port, 'message');
    }
    Object.assign(rest, { [section]: {} });
  }
  port.postMessage({ kind: 'accepted', rest } satisfies ParseMessage);
}
