import type { ParsedAddress } from './address.ts';
import type { HttpRequest } from './http-request.ts';

type Address = Extract<ParsedAddress, { kind: 'address' }>;

/** Healthchecks keeps the first 100,000 bytes of a body; https://healthchecks.io/docs/http_api/ */
const MOST_CHARACTERS = 10_000;

/** One ping. `start`: what is watched begins, and should end well within its grace time. `log`: nothing but a line of its log. */
export interface Ping {
  readonly kind: 'start' | 'success' | 'fail' | 'log';
  /** Kept in the check's log. */
  readonly text: string;
}

/** A ping of a check, by the path that its kind has there. Pure. */
export function healthchecksRequest({ url, authorization }: Address, { kind, text }: Ping): HttpRequest {
  const pinged = new URL(url);
  const path = url.pathname.replace(/\/+$/, '');
  pinged.pathname = kind === 'success' ? path : `${path}/${kind}`;
  return {
    url: pinged,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: text.slice(0, MOST_CHARACTERS),
  };
}
