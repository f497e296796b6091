import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** More than any answer about one secret. Bytes. */
const ANSWER_LIMIT_BYTES = 256 * 1024;

/** One question to a service that holds secrets. */
export interface SecretRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM of the only authority that is believed; without it, those that Node knows. */
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
}

/** What the service said. `unreachable`: nothing that could be read. */
export type SecretAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Milliseconds that the service asks to wait, from Retry-After in seconds; a date there is not read. */
      readonly retryAfterMs?: number | undefined;
      /** Parsed JSON; undefined for all else. */
      readonly json: unknown;
    }
  | { readonly kind: 'unreachable'; readonly why: string };

/**
 * Asks once, without following a redirect: what the question carries is for exactly this address. Proxies of the
 * environment are not used. Never rejects.
 */
export function askService(question: SecretRequest): Promise<SecretAnswer> {
  const { url, method = 'GET', headers = {}, body, ca, timeoutMs } = question;
  const ask = url.protocol === 'https:' ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    function fail(error: Error): void {
      const why = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message;
      resolve({ kind: 'unreachable', why });
    }
    const options = {
      method,
      headers: { accept: 'application/json', ...headers },
      agent: false,
      signal,
    } as const;
    const sent = ask(url, { ...options, ...(ca === undefined ? {} : { ca }) }, (response) => {
      void read(response).then(resolve, fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

async function read(response: IncomingMessage): Promise<SecretAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES) throw new Error(`the answer is larger than ${ANSWER_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  const after = Number(response.headers['retry-after']);
  return {
    kind: 'answer',
    status: response.statusCode ?? 0,
    ...(Number.isFinite(after) && after >= 0 ? { retryAfterMs: after * 1000 } : {}),
    json: parse(Buffer.concat(chunks).toString('utf8')),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A gateway that answers in HTML: the status says enough.
    return undefined;
  }
}
