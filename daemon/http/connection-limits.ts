import type { ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** At most this many connections at a time. A browser opens six. */
export const MOST_CONNECTIONS = 100;
/** At most this many of them may be event streams, which last. */
export const MOST_STREAMS = 30;

/**
 * How long anybody may take: to say what they want, to take the answer, and to come again. Everybody on this machine
 * can connect, and what they leave open must go away by itself. Milliseconds.
 */
export const connectionTimes: {
  readonly requestTimeout: number;
  readonly connectionTimeout: number;
  readonly keepAliveTimeout: number;
  readonly http: ServerOptions;
} = {
  requestTimeout: 10_000,
  connectionTimeout: 60_000,
  keepAliveTimeout: 5_000,
  // Node looks for the slow only so often, and forgives a whole request as much as its headers: 90 seconds by default.
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
};

/** Sets the limits that are not options: how many connect, and that each has one question open at a time. */
export function limitConnections(server: FastifyInstance): void {
  server.server.maxConnections = MOST_CONNECTIONS;
  const busy = new WeakSet<Socket>();
  server.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    // Many questions sent ahead, and no answer read, would all be answered into our memory. No browser does that.
    if (busy.has(socket)) socket.destroy();
    busy.add(socket);
    reply.raw.once('close', () => busy.delete(socket));
  });
}
