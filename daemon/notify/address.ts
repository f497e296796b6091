import type { Fault } from '../errors.ts';

/** An address, or why it is none. */
export type ParsedAddress =
  | { readonly kind: 'address'; readonly url: URL; readonly authorization?: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/**
 * Reads the address that a secret holds: http or https, with or without user and password. No message shows anything of
 * it, because all of it is secret. Pure.
 */
export function parseAddress(text: string, secret: string): ParsedAddress {
  if (!URL.canParse(text)) return refused(secret, 'holds no address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refused(secret, 'holds an address that begins with neither https:// nor http://');
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  if (username === '' && password === '') return { kind: 'address', url };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { kind: 'address', url, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function refused(secret: string, what: string): ParsedAddress {
  return {
    kind: 'refused',
    fault: {
      reason: 'AddressRefused',
      message: `the secret ${secret} ${what}, so nothing is sent there`,
      next: `put the whole address into the secret ${secret}`,
    },
  };
}
