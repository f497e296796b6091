/**
 * Asks on a connection of its own. A test that waits for git holds up its own event loop, and then would write to a kept
 * connection that the daemon has let go meanwhile.
 */
export function ask(url: URL, signal?: AbortSignal): Promise<Response> {
  return fetch(url, { headers: { connection: 'close' }, ...(signal === undefined ? {} : { signal }) });
}
