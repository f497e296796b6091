import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** What goes wrong with the requests of one method: `cut` in the middle of the body, `mute` after it was carried out. */
export interface WebdavFault {
  readonly method: 'PUT' | 'DELETE' | 'PROPFIND';
  readonly does: 'cut' | 'mute' | { readonly status: number };
  /** How many requests it befalls; all, unless it says so. */
  times?: number;
}

/** A WebDAV server over a folder, `rclone serve webdav`, behind a proxy that can misbehave. */
export class WebdavServer implements AsyncDisposable {
  fault: WebdavFault | undefined;
  /** Methods of all requests, in their order. */
  readonly requests: string[] = [];
  readonly #server: ChildProcess;
  readonly #proxy: Server;
  readonly #behind: number;

  private constructor(server: ChildProcess, behind: number) {
    this.#server = server;
    this.#behind = behind;
    this.#proxy = createServer((asked, answer) => this.#serve(asked, answer)).listen(0, '127.0.0.1');
  }

  static async start(folder: string): Promise<WebdavServer> {
    const args = ['serve', 'webdav', '--addr', '127.0.0.1:0', folder];
    const env = { PATH: '/usr/bin:/bin', RCLONE_CONFIG: '' };
    const child = spawn('rclone', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface({ input: child.stderr })) {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      const started = new WebdavServer(child, Number(port));
      await once(started.#proxy, 'listening');
      child.stderr.resume();
      return started;
    }
    throw new Error('rclone serve webdav ended');
  }

  /** Options of the remote. */
  get remote(): { readonly type: string; readonly url: string; readonly vendor: string } {
    const { port } = this.#proxy.address() as AddressInfo;
    return { type: 'webdav', url: `http://127.0.0.1:${port}`, vendor: 'other' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#proxy.close();
    this.#proxy.closeAllConnections();
    if (this.#server.exitCode !== null) return;
    this.#server.kill('SIGKILL');
    await once(this.#server, 'exit');
  }

  #serve(asked: IncomingMessage, answer: ServerResponse): void {
    this.requests.push(asked.method ?? '');
    const fault = this.#faultOf(asked);
    if (typeof fault === 'object') {
      asked.resume();
      asked.once('end', () => answer.writeHead(fault.status).end());
      return;
    }
    const { method, url, headers } = asked;
    const passed = request({ host: '127.0.0.1', port: this.#behind, method, path: url, headers });
    passed.on('response', (back) => {
      if (fault === 'mute') {
        back.resume();
        back.once('end', () => asked.socket.destroy());
        return;
      }
      answer.writeHead(back.statusCode ?? 502, back.headers);
      back.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.on('aborted', () => passed.destroy());
    if (fault === 'cut') {
      asked.once('data', (chunk: Buffer) => {
        passed.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => {
          passed.destroy();
          asked.socket.destroy();
        });
      });
      return;
    }
    asked.pipe(passed);
  }

  #faultOf({ method }: IncomingMessage): WebdavFault['does'] | undefined {
    const { fault } = this;
    if (fault === undefined || fault.method !== method || fault.times === 0) return undefined;
    if (fault.times !== undefined) fault.times--;
    return fault.does;
  }
}
