import type { FastifyInstance } from 'fastify';
import { Stalled } from '../errors.ts';
import { isLoopback } from './allowed-host.ts';

/** Begins to listen, and returns the address to ask at. Throws `Stalled` when it cannot, or must not, listen there. */
export async function listenOn(
  server: FastifyInstance,
  at: { readonly host: string; readonly port: number },
): Promise<string> {
  refuseOpenPage(at.host);
  try {
    return `${(await server.listen(at)).replace(/\/$/, '')}/`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = code === 'EADDRINUSE' ? 'something else listens there' : code;
    throw new Stalled(
      {
        reason: 'InternalError',
        message: `cannot listen on ${at.host}:${at.port}: ${why}`,
        next: 'name another address: listen in the host settings, or --listen ADDR:PORT',
      },
      { cause: error },
    );
  }
}

/** Without tokens and TLS the page is for this machine alone. */
export function refuseOpenPage(address: string): void {
  if (isLoopback(address)) return;
  throw new Stalled({
    reason: 'NotPermitted',
    message: `listen: ${address} is not loopback, and this version has no sign-in and no TLS for others to come in safely`,
    next: 'listen on 127.0.0.1 and put a proxy with sign-in before it (its name goes into "hosts"), or read the page from the status branch',
  });
}
