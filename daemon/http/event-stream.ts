import type { FastifyReply } from 'fastify';
import type { EventHub } from '../event-hub.ts';

/** A comment goes out this often, so that both ends notice a dead connection. Milliseconds. */
const HEARTBEAT_MS = 15_000;
/** A reader that has this much unread is cut off instead of filling the memory. Bytes. */
const UNREAD_LIMIT = 4 * 1024 * 1024;

/**
 * Server-sent events: every event of the daemon from now on, until the reader goes away, or is cut off because it does
 * not keep up.
 */
export function streamEvents(reply: FastifyReply, hub: EventHub, onCutOff: () => void = () => {}): void {
  const { raw } = reply;
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  reply.hijack();
  raw.writeHead(200, {
    ...Object.fromEntries(headers),
    'content-type': 'text/event-stream',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 1000\n\n');
  function send(text: string): void {
    if (raw.destroyed || raw.writableEnded) return;
    if (raw.writableLength <= UNREAD_LIMIT) {
      raw.write(text);
      return;
    }
    raw.destroy();
    onCutOff();
  }
  const stop = hub.listen((event) => send(`event: anchord\ndata: ${JSON.stringify(event)}\n\n`));
  const heartbeat = setInterval(() => send(': alive\n\n'), HEARTBEAT_MS);
  // Of the answer, not of the question: that one may count as over as soon as it has been read.
  raw.once('close', () => {
    stop();
    clearInterval(heartbeat);
  });
}
