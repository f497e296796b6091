import type { Clock } from '../clock.ts';
import type { Fault } from '../errors.ts';
import type { ResolvedSecret } from '../secrets/secrets.ts';
import type { SecretValue } from '../secrets/secret-value.ts';
import { parseAddress, type ParsedAddress } from './address.ts';
import { healthchecksRequest, type Ping } from './healthchecks-request.ts';
import type { HttpRequest } from './http-request.ts';
import { judgeAnswer, type Delivery } from './judge-answer.ts';
import type { Message } from './message.ts';
import { ntfyRequest } from './ntfy-request.ts';
import { sendRequest } from './send-request.ts';
import type { Target } from './target.ts';
import { webhookRequest } from './webhook-request.ts';

/** What bringing something to a target needs. */
export interface CourierParts {
  readonly clock: Clock;
  /** Looks a secret up by its name, anew each time. */
  readonly secret: (name: string) => Promise<ResolvedSecret>;
  /** Hosts of host settings `allow.notify`. */
  readonly allowed: readonly string[];
  /** Certificates that may sign a server's, in PEM; without it those that Node brings. */
  readonly authorities: () => Promise<readonly string[] | undefined>;
  readonly signal: AbortSignal;
  /** How long one attempt may take, milliseconds. */
  readonly patienceMs?: number;
}

type Address = Extract<ParsedAddress, { kind: 'address' }>;

/** Brings a message to a target, once. A check gets it as a line of its log, which says nothing of how things are. Never rejects. */
export async function bringMessage(target: Target, message: Message, parts: CourierParts): Promise<Delivery> {
  return await bring(target, parts, async (address) => {
    if (target.service === 'ntfy') return ntfyRequest(address, message);
    if (target.service === 'healthchecks')
      return healthchecksRequest(address, { kind: 'log', text: `${message.title}\n${message.text}` });
    const key = target.signedWith === undefined ? undefined : await parts.secret(target.signedWith);
    // Unsigned it must not go: the receiver believes what is signed, and its owner that this is.
    if (key?.kind === 'missing') return key.fault;
    return webhookRequest(address, message, { at: parts.clock.now(), key: key?.value });
  });
}

/** Pings a check, once. Never rejects. */
export async function bringPing(target: Target, ping: Ping, parts: CourierParts): Promise<Delivery> {
  return await bring(target, parts, (address) => Promise.resolve(healthchecksRequest(address, ping)));
}

async function bring(
  target: Target,
  parts: CourierParts,
  make: (address: Address) => Promise<HttpRequest | Fault>,
): Promise<Delivery> {
  const secret = await parts.secret(target.address);
  if (secret.kind === 'missing') return undeliverable(target, secret.fault);
  const address = parseAddress(revealed(secret.value), target.address);
  if (address.kind === 'refused') return undeliverable(target, address.fault);
  const request = await make(address);
  if ('reason' in request) return undeliverable(target, request);
  const { allowed, signal, patienceMs } = parts;
  const ca = await parts.authorities();
  const options = { allowed, signal, ca, ...(patienceMs === undefined ? {} : { patienceMs }) };
  return judgeAnswer(await sendRequest(request, options), target.id, parts.clock.now());
}

function revealed(secret: SecretValue): string {
  return secret.reveal().trim();
}

function undeliverable(target: Target, fault: Fault): Delivery {
  return {
    kind: 'later',
    fault: { ...fault, message: `a message for ${target.id} waits: ${fault.message}` },
  };
}
