import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One version of an object; without content it is hidden. */
export interface B2Version {
  readonly id: string;
  readonly name: string;
  readonly content: Buffer | undefined;
  readonly info: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

const BUCKET = {
  bucketId: 'bucket-id',
  bucketName: 'mirror',
  accountId: 'account',
  bucketType: 'allPrivate',
};

/** As much of Backblaze B2 as rclone needs for a mirror: https://www.backblaze.com/apidocs/b2-list-file-names and others. */
export class B2Server implements AsyncDisposable {
  /** Every version ever stored, oldest first. */
  readonly versions: B2Version[] = [];
  /** Names of all calls, in their order. */
  readonly calls: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (asked: IncomingMessage, answer) => {
      void this.#answer(asked).then(({ status, body }) => {
        answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<B2Server> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new B2Server(server);
  }

  /** Options of the remote; the account asks for deletions for good, as somebody's rclone.conf might. */
  get remote(): Readonly<Record<string, string>> & { readonly type: string } {
    return { type: 'b2', account: 'account', key: 'key', endpoint: this.#url, hard_delete: 'true' };
  }

  /** Content of the objects that are not hidden, by name. */
  get objects(): Readonly<Record<string, string>> {
    const shown = [...this.#newest().values()].filter(({ content }) => content !== undefined);
    const sorted = shown.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return Object.fromEntries(sorted.map(({ name, content }) => [name, String(content)]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #newest(): ReadonlyMap<string, B2Version> {
    return new Map(this.versions.map((version) => [version.name, version]));
  }

  async #answer(asked: IncomingMessage): Promise<{ readonly status: number; readonly body: unknown }> {
    const call = /(\w+)$/.exec(new URL(asked.url ?? '/', this.#url).pathname)?.[1] ?? '';
    this.calls.push(call);
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body =
      call === 'upload'
        ? this.#upload(asked, sent)
        : this.#call(call, JSON.parse(sent.toString() || '{}') as Json);
    if (body !== undefined) return { status: 200, body };
    return { status: 400, body: { status: 400, code: 'bad_request', message: `no such call: ${call}` } };
  }

  #call(call: string, asked: Json): unknown {
    const name = textOf(asked['fileName']);
    switch (call) {
      case 'b2_authorize_account':
        return {
          accountId: 'account',
          authorizationToken: 'token',
          apiUrl: this.#url,
          downloadUrl: this.#url,
          minimumPartSize: 5_000_000,
          recommendedPartSize: 100_000_000,
          absoluteMinimumPartSize: 5_000_000,
          allowed: { capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'deleteFiles'] },
        };
      case 'b2_list_buckets':
        return { buckets: [BUCKET] };
      case 'b2_list_file_names':
        return this.#list(asked);
      case 'b2_get_upload_url':
        return { bucketId: BUCKET.bucketId, uploadUrl: `${this.#url}/upload`, authorizationToken: 'token' };
      case 'b2_hide_file':
        return this.#keep(name, undefined, {});
      case 'b2_copy_file': {
        const source = this.versions.find(({ id }) => id === asked['sourceFileId']);
        const info = (asked['fileInfo'] ?? source?.info ?? {}) as Readonly<Record<string, string>>;
        return this.#keep(name, source?.content, info);
      }
      default:
        return undefined;
    }
  }

  #list(asked: Json): unknown {
    const prefix = textOf(asked['prefix']);
    const start = textOf(asked['startFileName']);
    const names = [...this.#newest().values()]
      .filter(({ name, content }) => content !== undefined && name.startsWith(prefix) && name >= start)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const most = Number(asked['maxFileCount'] ?? 100);
    const files = names.slice(0, most).map(shown);
    return { files, nextFileName: names.length > most ? names[most]?.name : null };
  }

  #upload(asked: IncomingMessage, sent: Buffer): unknown {
    // rclone says so when it only knows the hash once it has read the file.
    const isAtEnd = asked.headers['x-bz-content-sha1'] === 'hex_digits_at_end';
    const content = isAtEnd ? sent.subarray(0, -40) : sent;
    const info = Object.entries(asked.headers).flatMap(([key, value]) =>
      key.startsWith('x-bz-info-') ? [[key.slice('x-bz-info-'.length), String(value)] as const] : [],
    );
    return this.#keep(
      decodeURIComponent(String(asked.headers['x-bz-file-name'])),
      content,
      Object.fromEntries(info),
    );
  }

  #keep(name: string, content: Buffer | undefined, info: Readonly<Record<string, string>>): unknown {
    const version = { id: randomUUID(), name, content, info };
    this.versions.push(version);
    return shown(version);
  }
}

function shown({ id, name, content, info }: B2Version): unknown {
  return {
    ...BUCKET,
    fileId: id,
    fileName: name,
    action: content === undefined ? 'hide' : 'upload',
    size: content?.length ?? 0,
    contentLength: content?.length ?? 0,
    contentSha1: content === undefined ? null : createHash('sha1').update(content).digest('hex'),
    contentType: 'application/octet-stream',
    uploadTimestamp: 1_700_000_000_000,
    fileInfo: info,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
