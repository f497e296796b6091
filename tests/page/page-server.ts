import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnchordEvent } from '../../daemon/events.ts';
import { contentType } from '../../daemon/page/content-type.ts';
import type { PageData } from '../../daemon/page/data-script.ts';
import { pageHeaders } from '../../daemon/page/page-headers.ts';
import { branchFiles } from './page-folder.ts';

/** A daemon as the page sees it: the files of the branch, and events. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
  /** What the server answers from now on. */
  show(data: Omit<PageData, 'live'>): Promise<void>;
  send(event: AnchordEvent): void;
  /** Resolves when so many pages listen. */
  listeners(count: number): Promise<void>;
  /** Ends all event streams and refuses new ones until called with `true`. */
  answer(isThere: boolean): void;
}

/** Serves the page on an ephemeral port of loopback. */
export async function servePage(data: Omit<PageData, 'live'>): Promise<PageServer> {
  let files = await branchFiles({ ...data, live: true });
  let isAnswering = true;
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || 'index.html';
    if (!isAnswering) return void response.destroy();
    if (path === 'api/v1/events') return listen(response);
    const content = files.get(path);
    response.writeHead(content === undefined ? 404 : 200, {
      ...pageHeaders,
      'content-type': contentType(path),
    });
    response.end(content);
  });

  function listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 200\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
    server.emit('listener');
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async show(next) {
      files = await branchFiles({ ...next, live: true });
    },
    send(event) {
      for (const stream of streams) stream.write(`event: anchord\ndata: ${JSON.stringify(event)}\n\n`);
    },
    async listeners(count) {
      while (streams.size < count) await once(server, 'listener');
    },
    answer(isThere) {
      isAnswering = isThere;
      if (!isThere) for (const stream of streams) stream.destroy();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
