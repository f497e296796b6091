import { once } from 'node:events';
import { isMainThread, parentPort, type MessagePort } from 'node:worker_threads';
import { NAMED_SECTIONS } from '../../state-schema/parse/merge-files.ts';
import { parseHostState, type HostStateInput } from '../../state-schema/parse/parse-host-state.ts';
import type { ParseMessage } from './parse-message.ts';

/** Read once at the start: that compiles the schema, which takes longer than reading most hosts. */
const WARM_UP: HostStateInput = {
  host: 'warm-up',
  entries: [warmUpFile('host:\n  name: warm-up\n  timezone: UTC\n')],
};

/** So many entries take a few milliseconds to arrive. */
const PIECE = 500;

// The thread that parse-host.ts starts: it parses what it is given, until it is ended. Imported elsewhere it does nothing.
if (!isMainThread && parentPort !== null) await answerAll(parentPort);

async function answerAll(port: MessagePort): Promise<void> {
  parseHostState(WARM_UP);
  for (;;) {
    const [input] = (await once(port, 'message')) as [HostStateInput];
    await answer(port, input);
  }
}

function warmUpFile(text: string): HostStateInput['entries'][number] {
  const bytes = new TextEncoder().encode(text);
  return { path: 'hosts/warm-up/host.yaml', type: 'file', size: bytes.length, bytes };
}

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
