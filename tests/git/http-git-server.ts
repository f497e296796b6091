import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** What goes wrong with answers, from now on. */
export type HttpFault =
  /** Half of the answer, then the connection breaks. */
  | { readonly kind: 'cut' }
  /** Half of the answer, properly ended. */
  | { readonly kind: 'early-end' }
  /** One wrong bit, near the end. */
  | { readonly kind: 'flip' }
  /** Half of the answer, then silence. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string };

/** One request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** The command of git's protocol 2, for example `ls-refs` or `fetch`; empty for anything else. */
  readonly command: string;
  readonly isAuthorized: boolean;
  readonly hasCredentials: boolean;
}

/** A smart-HTTP git server: git http-backend(1) behind node:http, with faults to order. */
export class HttpGitServer implements AsyncDisposable {
  readonly requests: SeenRequest[] = [];
  /** Applied to answers of `faultOn`; undefined: all is well. */
  fault: HttpFault | undefined;
  /** Which requests the fault strikes: those with this command, or every one. */
  faultOn: 'fetch' | 'all' = 'all';
  readonly #root: string;
  readonly #credentials: string | undefined;
  readonly #server: Server;
  #onStall: (() => void) | undefined;

  private constructor(root: string, credentials: string | undefined) {
    this.#root = root;
    this.#credentials = credentials;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  /** Serves every repository below `root`, for reading and writing. `credentials`: `user:password`, if it wants some. */
  static async start(root: string, credentials?: string): Promise<HttpGitServer> {
    const server = new HttpGitServer(root, credentials);
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
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${repository}`;
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
    const fault = this.faultOn === 'all' || command === this.faultOn ? this.fault : undefined;
    if (fault?.kind === 'status') response.writeHead(fault.status).end();
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
    const half = content.subarray(0, Math.ceil(content.length / 2));
    if (fault.kind === 'flip') {
      const at = Math.max(0, content.length - 40);
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
