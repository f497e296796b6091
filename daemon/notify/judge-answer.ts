import type { Fault } from '../errors.ts';
import type { SendResult } from './send-request.ts';

const HOUR_MS = 60 * 60_000;
/** The longest that a server can make us wait: it must not silence a host for days. */
const MOST_RETRY_AFTER_MS = 6 * HOUR_MS;

/** What an answer means for the message. `never`: this message will not be taken; others may be. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'later'; readonly fault: Fault; readonly notBeforeMs?: number }
  | { readonly kind: 'never'; readonly fault: Fault };

/** Judges what came of sending a message. `target` is its id. Pure. */
export function judgeAnswer(result: SendResult, target: string, now: Date): Delivery {
  switch (result.kind) {
    case 'answered':
      return judgeStatus(result, target, now);
    case 'failed':
      return { kind: 'later', fault: undelivered(target, result.why) };
    case 'impossible':
      return { kind: 'later', fault: { ...result.fault, message: `${target}: ${result.fault.message}` } };
  }
}

type Answer = Extract<SendResult, { kind: 'answered' }>;

function judgeStatus({ status, retryAfter }: Answer, target: string, now: Date): Delivery {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const fault = undelivered(target, `it answered ${status}${HINTS[status] ?? ''}`, NEXT[status]);
  if (status === 400 || status === 413 || status === 415 || status === 422) return { kind: 'never', fault };
  const notBeforeMs = retryAfterMs(retryAfter, now);
  return { kind: 'later', fault, ...(notBeforeMs === undefined ? {} : { notBeforeMs }) };
}

const HINTS: Readonly<Record<number, string>> = {
  301: ', a redirect, and none is followed',
  302: ', a redirect, and none is followed',
  307: ', a redirect, and none is followed',
  308: ', a redirect, and none is followed',
  401: ', which means that it wants other credentials',
  403: ', which means that it does not let anchord in',
  404: ', which means that there is nobody at this address',
  429: ', which means that it has had too many messages',
};

const CHECK = 'check the address in its secret, then: anchord doctor --notify';
const NEXT: Readonly<Record<number, string>> = {
  301: CHECK,
  302: CHECK,
  307: CHECK,
  308: CHECK,
  401: CHECK,
  403: CHECK,
  404: CHECK,
};

function undelivered(target: string, why: string, next?: string): Fault {
  return {
    reason: 'NotDelivered',
    message: `a message for ${target} did not arrive: ${why}`,
    ...(next === undefined ? {} : { next }),
  };
}

/** Seconds or a date (RFC 9110 §10.2.3), no longer than is sensible; undefined for what is neither. */
function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MOST_RETRY_AFTER_MS);
}
