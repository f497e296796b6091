import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { ToldEvent } from '../recent-events.ts';
import type { SkippedEvents } from './stream-event-lines.ts';

/** How reading ended: the daemon had no more to tell, it stopped, the reader was told to, or the connection broke. */
export type ReadingEnd = 'told-all' | 'daemon-stopped' | 'stopped' | 'broken';

/** Reads the daemon's recent events from its socket and, when asked to follow, each new one until something ends it. */
export function readEventLines(
  socket: string,
  options: { readonly follow: boolean; readonly signal: AbortSignal },
  take: (line: ToldEvent | SkippedEvents) => void,
): Promise<ReadingEnd> {
  const { follow, signal } = options;
  const path = `/event-lines${follow ? '?follow=yes' : ''}`;
  return new Promise((resolve) => {
    let end: ReadingEnd = 'broken';
    const asked = request({ socketPath: socket, path, method: 'GET', signal }, (response) => {
      const lines = createInterface({ input: response });
      lines.on('line', (text) => {
        const line = parsed(text);
        if (line === undefined) return;
        take(line);
        end = isStop(line) ? 'daemon-stopped' : 'broken';
      });
      response.on('error', () => {});
      lines.on('error', () => {});
      response.on('close', () =>
        resolve(signal.aborted ? 'stopped' : response.complete && !follow ? 'told-all' : end),
      );
    });
    asked.on('error', () => resolve(signal.aborted ? 'stopped' : end));
    asked.end();
  });
}

/** Undefined for the half of a line that a daemon leaves behind that was killed. */
function parsed(text: string): ToldEvent | SkippedEvents | undefined {
  try {
    return JSON.parse(text) as ToldEvent | SkippedEvents;
  } catch {
    return undefined;
  }
}

function isStop(line: ToldEvent | SkippedEvents): boolean {
  return 'event' in line && line.event.kind === 'daemon.stopping';
}
