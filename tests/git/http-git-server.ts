import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** What goes wrong with answers, from now on. `at`: where, as a part of one; by default in the middle. */
export type HttpFault =
  /** Half of the answer, then the connection breaks. */
  | { readonly kind: 'cut'; readonly at?: number }
  /** Half of the answer, properly ended. */
  | { readonly kind: 'early-end'; readonly at?: number }
  /** One wrong bit; by default near the end. */
  | { readonly kind: 'flip'; readonly at?: number }
  /** Half of the answer, then silence. */
  | { readonly kind: 'stall' }
  /** The connection breaks before the request is answered, or even carried out. */
  | { readonly kind: 'deaf' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'redirect'; readonly to: string };

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** The command of git's protocol 2, for example `ls-refs` or `fetch`; `push` for what a push sends; empty for anything else. */
  readonly command: string;
  readonly isAuthorized: boolean;
  readonly hasCredentials: boolean;
}

/** What an https server shows, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A smart-HTTP git server: git http-backend(1) behind node:http, with faults to order. */
export class HttpGitServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  /** Applied to answers of `faultOn`; undefined: all is well. */
  fault: HttpFault | undefined;
  /** Which requests the fault strikes: those with this command, or every one. */
  faultOn: 'fetch' | 'push' | 'all' = 'all';
  readonly #root: string;
  readonly #credentials: string | undefined;
  readonly #scheme: 'http' | 'https';
  readonly #server: Server;
  #onStall: (() => void) | undefined;

  private constructor(root: string, credentials: string | undefined, tls: Certificate | undefined) {
    this.#root = root;
    this.#credentials = credentials;
    this.#scheme = tls === undefined ? 'http' : 'https';
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      this.#handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    };
    this.#server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  }

  /**
   * Serves every repository below `root`, for reading and writing. `credentials`: `user:password`, if it wants some;
   * `tls`: what it shows, if it speaks https.
   */
  static async start(root: string, credentials?: string, tls?: Certificate): Promise<HttpGitServer> {
    const server = new HttpGitServer(root, credentials, tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  url(repository: string): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${repository}`;
  }

  /** Resolves when the next answer has stalled. */
  stalled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStall = resolve;
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { authorization } = request.headers;
    const isAuthorized = this.#accepts(authorization);
    const command = commandOf(request, body);
    this.requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      command,
      isAuthorized,
      hasCredentials: authorization !== undefined,
    });
    if (!isAuthorized) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
      return;
    }
    await this.#respond(request, body, {
      response,
      fault: this.faultOn === 'all' || command === this.faultOn ? this.fault : undefined,
    });
  }

  async #respond(
    request: IncomingMessage,
    body: Uint8Array,
    { response, fault }: { readonly response: ServerResponse; readonly fault: HttpFault | undefined },
  ): Promise<void> {
    if (fault?.kind === 'status') response.writeHead(fault.status, fault.headers).end();
    else if (fault?.kind === 'deaf') response.socket?.destroy();
    else if (fault?.kind === 'redirect')
      response.writeHead(302, { Location: fault.to + (request.url ?? '') }).end();
    else await this.#answer(request, body, { response, fault });
  }

  #accepts(authorization: string | undefined): boolean {
    if (this.#credentials === undefined) return true;
    return authorization === `Basic ${Buffer.from(this.#credentials).toString('base64')}`;
  }

  async #answer(
    request: IncomingMessage,
    body: Uint8Array,
    { response, fault }: { readonly response: ServerResponse; readonly fault: HttpFault | undefined },
  ): Promise<void> {
    const { status, headers, content } = await this.#backend(request, body);
    response.writeHead(status, headers);
    if (fault === undefined) {
      response.end(content);
      return;
    }
    const part = 'at' in fault ? fault.at : undefined;
    const half = content.subarray(0, Math.ceil(content.length * (part ?? 0.5)));
    if (fault.kind === 'flip') {
      const at =
        part === undefined ? Math.max(0, content.length - 40) : Math.floor((content.length - 1) * part);
      content[at] = (content[at] ?? 0) ^ 1;
      response.end(content);
    } else if (fault.kind === 'early-end') response.end(half);
    else if (fault.kind === 'cut') response.write(half, () => response.socket?.destroy());
    else response.write(half, () => this.#onStall?.());
  }

  async #backend(
    request: IncomingMessage,
    body: Uint8Array,
  ): Promise<{
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly content: Buffer;
  }> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const child = spawn('git', ['-c', 'http.receivepack=true', '-c', 'safe.directory=*', 'http-backend'], {
      env: {
        PATH: process.env['PATH'] ?? '',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_PROJECT_ROOT: this.#root,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: String(body.length),
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'somebody',
        REMOTE_ADDR: '127.0.0.1',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => {});
    child.stdin.end(body);
    return parseCgi(await buffer(child.stdout));
  }
}

function commandOf(request: IncomingMessage, body: Buffer): string {
  if (request.method === 'POST' && request.url?.endsWith('/git-receive-pack') === true) return 'push';
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return /command=([a-z-]+)/.exec(text.subarray(0, 200).toString('latin1'))?.[1] ?? '';
}

function parseCgi(output: Buffer): { status: number; headers: Record<string, string>; content: Buffer } {
  const end = output.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, Math.max(0, end)).toString('latin1').split('\r\n')) {
    const [name = '', ...value] = line.split(': ');
    if (name !== '') headers[name] = value.join(': ');
  }
  const status = Number(headers['Status']?.slice(0, 3) ?? (end < 0 ? 500 : 200));
  delete headers['Status'];
  return { status, headers, content: output.subarray(end + 4) };
}
