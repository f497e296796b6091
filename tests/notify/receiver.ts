import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PATIENCE_MS } from '../rig/patience.ts';

/** One request as a receiver got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How a receiver answers; it may also never answer. */
export type Answer = (response: ServerResponse, received: Received) => void;

/** Takes it. */
export function takeIt(response: ServerResponse): void {
  response.writeHead(200).end('OK');
}

/** An HTTP server on loopback that stands for a service, and keeps what it got. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  /** How it answers from now on. */
  answer: Answer = takeIt;
  readonly #server: Server;
  readonly #emitter = new EventEmitter();
  readonly #protocol: string;

  private constructor(tls?: { readonly key: string; readonly cert: string }) {
    this.#protocol = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on('request', (request, response) => void this.#take(request, response));
  }

  /** Opens one on a free port, or on a given one as after a restart of the service. */
  static async open(
    options: { readonly port?: number; readonly tls?: { readonly key: string; readonly cert: string } } = {},
  ): Promise<Receiver> {
    const receiver = new Receiver(options.tls);
    receiver.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What host settings `allow.notify` names it. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  url(path: string): string {
    return `${this.#protocol}://${this.host}${path}`;
  }

  /** Waits until it got so many requests that are of interest, from the first on. */
  async until(count: number, isOne: (one: Received) => boolean = () => true): Promise<readonly Received[]> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = this.received.filter(isOne);
      if (found.length >= count) return found;
      await once(this.#emitter, 'received', { signal: deadline });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    this.received.push(one);
    this.answer(response, one);
    this.#emitter.emit('received');
  }
}
