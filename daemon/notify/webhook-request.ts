import { createHmac } from 'node:crypto';
import type { SecretValue } from '../secrets/secret-value.ts';
import type { ParsedAddress } from './address.ts';
import type { HttpRequest } from './http-request.ts';
import type { Message } from './message.ts';

type Address = Extract<ParsedAddress, { kind: 'address' }>;

/** What a secret of Standard Webhooks begins with when the rest is base64. */
const ENCODED = 'whsec_';

/**
 * A message as JSON (state-schema/schemas/notification.schema.json), with the three headers of Standard Webhooks
 * (https://www.standardwebhooks.com): id, seconds since 1970 when it is sent, and with a key the HMAC-SHA256 over
 * `id.seconds.body`. Pure.
 */
export function webhookRequest(
  { url, authorization }: Address,
  message: Message,
  sign: { readonly at: Date; readonly key?: SecretValue | undefined },
): HttpRequest {
  const body = JSON.stringify({ version: 1, ...message });
  const seconds = Math.floor(sign.at.getTime() / 1000);
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(seconds),
      ...(sign.key === undefined
        ? {}
        : { 'webhook-signature': signature(`${message.id}.${seconds}.${body}`, sign.key) }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    body,
  };
}

function signature(content: string, key: SecretValue): string {
  const value = key.reveal();
  const bytes = value.startsWith(ENCODED)
    ? Buffer.from(value.slice(ENCODED.length), 'base64')
    : Buffer.from(value);
  return `v1,${createHmac('sha256', bytes).update(content).digest('base64')}`;
}
