import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser says that another site's page makes this request. Such a page cannot read the answer, but it could
 * keep us busy, or hold connections open, as long as somebody looks at it. A link that a person follows is no such
 * request. Browsers set these headers themselves (https://w3c.github.io/webappsec-fetch-metadata/); without them
 * nothing is concluded. Pure.
 */
export function isFromForeignPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}
