import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Fault } from '../errors.ts';
import type { HttpRequest } from './http-request.ts';
import { isInternal } from './internal-address.ts';

/** From the name to the status line. Milliseconds. */
const PATIENCE_MS = 20_000;

/** How a request is sent. */
export interface SendOptions {
  /** Hosts of host settings `allow.notify`. */
  readonly allowed: readonly string[];
  /** Certificates, in PEM, of authorities that may sign a server's; without it those that Node brings. */
  readonly ca?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly patienceMs?: number;
}

/** What came of it. `impossible`: it cannot work before something is changed here. */
export type SendResult =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'impossible'; readonly fault: Fault };

/**
 * Sends one request and reads nothing of the answer but its status. Follows no redirect, and speaks neither to this
 * machine, nor to this network, nor without TLS, unless the host settings name the host: whoever may push picks a secret,
 * and must not thereby make the daemon knock at doors inside. The name is looked up once, and what was checked is spoken to.
 */
export async function sendRequest(request: HttpRequest, options: SendOptions): Promise<SendResult> {
  const { url } = request;
  const isAllowed = options.allowed.includes(url.host) || options.allowed.includes(url.hostname);
  const bare = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isAllowed && url.protocol === 'http:') return impossible('it is spoken to without TLS');
  if (!isAllowed && isIP(bare) !== 0 && isInternal(bare)) return impossible(INSIDE);
  try {
    return await exchange(request, options, isAllowed ? systemLookup : outsideOnly);
  } catch (error) {
    if (error instanceof InsideError) return impossible(INSIDE);
    return { kind: 'failed', why: wordsOf(error) };
  }
}

const INSIDE = 'it is on this machine or this network';

/** A name stands for an address that is not outside. */
class InsideError extends Error {
  override readonly name = 'InsideError';
}

function outsideOnly(...[hostname, options, callback]: Parameters<LookupFunction>): void {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '');
    // One of them is enough to refuse: which one is taken would be the name server's choice.
    if (addresses.length === 0 || addresses.some(({ address }) => isInternal(address)))
      return callback(new InsideError(INSIDE), '');
    if (options.all === true) return callback(null, addresses);
    callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  });
}

function exchange(
  { url, headers, body }: HttpRequest,
  { ca, signal, patienceMs = PATIENCE_MS }: SendOptions,
  lookup: LookupFunction,
): Promise<SendResult> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: { ...headers, 'user-agent': 'anchord', 'content-length': Buffer.byteLength(body) },
      agent: false,
      lookup,
      signal: ending,
    } as const;
    function answered(response: IncomingMessage): void {
      const retryAfter = response.headers['retry-after'];
      const status = response.statusCode ?? 0;
      resolve({ kind: 'answered', status, ...(retryAfter === undefined ? {} : { retryAfter }) });
      // Nothing of what it says is wanted, and it may go on for ever.
      asked.destroy();
    }
    const asked: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca === undefined ? {} : { ca: [...ca] }) }, answered)
        : httpRequest(url, options, answered);
    asked.on('error', reject);
    asked.end(body);
  });
}

function impossible(why: string): SendResult {
  return {
    kind: 'impossible',
    fault: {
      reason: 'AddressRefused',
      message: `nothing is sent to its address: ${why}, and this host's settings do not name it`,
      next: 'if it is meant so, name its host in the host settings: allow: { notify: [HOST] }',
    },
  };
}

/** Without the message of the error, which may hold the host's name: the code says enough. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'it did not answer in time';
  const { code } = error as NodeJS.ErrnoException;
  return WORDS[code ?? ''] ?? code ?? error.name;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it broke the connection off',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it did not answer in time',
  ABORT_ERR: 'it did not answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody that is trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody that is trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody that is trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody that is trusted',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
