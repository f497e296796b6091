import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { EventHub } from '../../daemon/event-hub.ts';
import type { AnchordEvent, Emit } from '../../daemon/events.ts';
import { pageServer } from '../../daemon/http/page-server.ts';
import type { PageData } from '../../daemon/page/data-script.ts';
import { pageFiles } from '../../daemon/page/page-files.ts';

/** The daemon's own server with a status that a test chooses. */
export interface ServedPage extends AsyncDisposable {
  readonly url: string;
  /** What the server answers from now on. */
  show(data: Omit<PageData, 'live'>): void;
  send(event: AnchordEvent): void;
  /** Resolves when a page listens. */
  listener(): Promise<void>;
  /** Cuts every connection and answers nothing, as when the daemon stops. */
  stop(): Promise<void>;
  /** Answers again, on the same port. */
  start(): Promise<void>;
}

/** Serves the page on an ephemeral port of loopback. */
export async function servePage(data: Omit<PageData, 'live'>): Promise<ServedPage> {
  let shown = data;
  const hub = new WatchedHub();
  const listen = { host: '127.0.0.1', port: 0 };
  const page = await pageFiles();

  async function started(): Promise<ReturnType<typeof pageServer>> {
    const next = pageServer({
      listen,
      hosts: [],
      page,
      hub,
      compose: async () => shown,
      isReady: () => true,
      stuck: () => undefined,
      metrics: async () => '',
      onStreamCutOff: () => {},
    });
    await next.listen(listen);
    listen.port = (next.server.address() as AddressInfo).port;
    return next;
  }

  let server = await started();
  return {
    url: `http://127.0.0.1:${listen.port}/`,
    show(next) {
      shown = next;
    },
    send: hub.emit,
    listener: () => hub.listener(),
    stop: () => server.close(),
    async start() {
      server = await started();
    },
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}

/** A hub that tells when somebody has begun to listen. */
class WatchedHub extends EventHub {
  readonly #begun = new EventEmitter();
  #count = 0;

  override listen(listener: Emit): () => void {
    this.#count += 1;
    this.#begun.emit('listening');
    return super.listen(listener);
  }

  async listener(): Promise<void> {
    if (this.#count === 0) await once(this.#begun, 'listening');
  }
}
