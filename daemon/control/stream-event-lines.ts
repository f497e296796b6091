import type { FastifyReply } from 'fastify';
import type { RecentEvents } from '../recent-events.ts';

/** A reader that has this much unread hears nothing more until it has caught up. Characters. */
const UNREAD_LIMIT = 1024 * 1024;

/** What stands in the stream for events that a slow reader missed. */
export interface SkippedEvents {
  readonly skipped: number;
}

/**
 * Answers with the recent events, one line of JSON each, and, when asked to follow, with every new one until the reader
 * goes away. A reader that is too slow misses events and is told how many, instead of filling the daemon's memory.
 */
export function streamEventLines(reply: FastifyReply, recent: RecentEvents, follow: boolean): void {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const line of recent.lines) raw.write(`${line}\n`);
  if (!follow) {
    raw.end();
    return;
  }
  let skipped = 0;
  function send(line: string): void {
    if (raw.writableLength > UNREAD_LIMIT) {
      skipped++;
      return;
    }
    catchUp();
    raw.write(`${line}\n`);
  }
  function catchUp(): void {
    if (skipped > 0) raw.write(`${JSON.stringify({ skipped } satisfies SkippedEvents)}\n`);
    skipped = 0;
  }
  const stop = recent.follow(send);
  raw.on('drain', catchUp);
  raw.once('close', stop);
}
