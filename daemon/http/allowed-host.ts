import type { IncomingHttpHeaders } from 'node:http';

/** Headers that a proxy adds to what it passes on. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Whether a request's Host header names this daemon. A page on the internet can make a browser ask 127.0.0.1 under its
 * own name (DNS rebinding); such a request has the wrong Host, and gets nothing. A request that came through a proxy is
 * not from this machine, whatever its Host says, unless the host settings list the name the proxy passes on. Pure.
 */
export function isAllowedHost(
  headers: IncomingHttpHeaders,
  place: {
    readonly listen: { readonly host: string; readonly port: number };
    readonly hosts: readonly string[];
  },
): boolean {
  const name = nameOf(headers.host);
  if (name === undefined) return false;
  if (place.hosts.some((host) => host.toLowerCase() === name)) return true;
  if (isForwarded(headers)) return false;
  return isLoopbackName(name) || name === place.listen.host.toLowerCase();
}

/** Whether a proxy says that it passed a request on. Pure. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return FORWARDING.some((name) => headers[name] !== undefined);
}

/** Whether an address to listen on is this machine alone. Pure. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '::1';
}

/** The name or address in a Host header, without brackets and port. */
function nameOf(header: string | undefined): string | undefined {
  return header
    ?.replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
