/**
 * Whether a request's Host header names this daemon. A page on the internet can make a browser ask 127.0.0.1 under its
 * own name (DNS rebinding); such a request has the wrong Host, and gets nothing. Pure.
 */
export function isAllowedHost(
  header: string | undefined,
  place: {
    readonly listen: { readonly host: string; readonly port: number };
    readonly hosts: readonly string[];
  },
): boolean {
  if (header === undefined) return false;
  const name = header
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (name === 'localhost' || name === '127.0.0.1' || name === '::1') return true;
  return name === place.listen.host.toLowerCase() || place.hosts.some((host) => host.toLowerCase() === name);
}

/** Whether an address to listen on is this machine alone. Pure. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
