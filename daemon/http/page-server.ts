import { setImmediate } from 'node:timers/promises';
import type { IncomingHttpHeaders } from 'node:http';
import {
  fastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { History } from '../../state-schema/generated/history.ts';
import type { Status } from '../../state-schema/generated/status.ts';
import { contentType } from '../page/content-type.ts';
import { dataScript } from '../page/data-script.ts';
import { pageHeaders } from '../page/page-headers.ts';
import { statusReadme } from '../page/status-readme.ts';
import type { EventHub } from '../event-hub.ts';
import { isAllowedHost, isForwarded } from './allowed-host.ts';
import { connectionTimes, limitConnections, MOST_STREAMS } from './connection-limits.ts';
import { streamEvents } from './event-stream.ts';
import { isFromForeignPage } from './foreign-page.ts';
import { problem } from './problem.ts';
import { pushHook, type PushHookParts } from './push-hook.ts';

/** What the page's server needs. */
export interface PageServerParts {
  readonly listen: { readonly host: string; readonly port: number };
  readonly hosts: readonly string[];
  readonly page: ReadonlyMap<string, Uint8Array>;
  readonly compose: () => Promise<{ readonly status: Status; readonly history: History }>;
  readonly hub: EventHub;
  /** Whether the first round has ended, so that what is shown is not from before the start. */
  readonly isReady: () => boolean;
  /** What the loop is stuck in; undefined while it makes progress. */
  readonly stuck: () => string | undefined;
  /** The metrics, as Prometheus reads them. */
  readonly metrics: () => Promise<string>;
  /** Told of each reader of live events that was cut off. */
  readonly onStreamCutOff: () => void;
  /** Without it no forge can tell of a push. */
  readonly hook?: PushHookParts;
}

/** The read-only server of the page, its data and its live events. Not listening yet. */
export function pageServer(parts: PageServerParts): FastifyInstance {
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 1024,
    ...connectionTimes,
    // An address that cannot even be decoded comes past no hook.
    frameworkErrors(error, _, reply) {
      void problem(harden(reply), error.statusCode ?? 400, error.message);
    },
  });
  limitConnections(server);
  server.addHook('onRequest', async (request, reply) => {
    harden(reply);
    if (!isAllowedHost(request.headers, parts)) await problem(reply, 421, foreignHost(request.headers));
    else if (isFromForeignPage(request.headers))
      await problem(reply, 403, 'This daemon does not answer the pages of other sites.');
  });
  server.setNotFoundHandler((request, reply) =>
    problem(reply, 404, `There is no ${request.method} ${JSON.stringify(request.url)} here.`),
  );
  // What went wrong inside is not for whoever asks.
  server.setErrorHandler((error: Partial<FastifyError>, _request, reply) => {
    const { statusCode = 500 } = error;
    return statusCode >= 400 && statusCode < 500
      ? problem(reply, statusCode, 'The request cannot be read.')
      : problem(reply, 500, 'The daemon could not answer. Try again in a moment.');
  });
  const { hook } = parts;
  if (hook !== undefined) void server.register((scope) => pushHook(scope, hook));
  server.get('/health', (_, reply) => health(reply, parts.isReady()));
  server.get('/healthz/ready', (_, reply) => health(reply, parts.isReady()));
  server.get('/healthz/live', (_, reply) => liveness(reply, parts.stuck()));
  server.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics()),
  );
  server.get('/status.json', async () => (await parts.compose()).status);
  server.get('/history.json', async () => (await parts.compose()).history);
  server.get('/data.js', async (_, reply) => {
    const { status, history } = await parts.compose();
    return reply.type(contentType('data.js')).send(dataScript({ status, history, live: true }));
  });
  server.get('/README.md', async (_, reply) => {
    const { status, history } = await parts.compose();
    return reply.type(contentType('README.md')).send(statusReadme(status, history));
  });
  server.get('/api/v1/events', { exposeHeadRoute: false }, boundedStreams(server, parts));
  server.get('/', (_, reply) => sendPage('index.html', reply, parts.page));
  server.get('/*', (request, reply) => sendPage((request.params as { '*': string })['*'], reply, parts.page));
  return server;
}

function boundedStreams(
  server: FastifyInstance,
  { hub, onStreamCutOff }: PageServerParts,
): (_: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined {
  const open = new Set<FastifyReply['raw']>();
  // Ended rather than cut off: a browser complains of an answer that breaks off. Nobody waits for a reader that is slow.
  server.addHook('preClose', async () => {
    for (const raw of open) raw.end();
    await setImmediate();
  });
  return (_, reply) => {
    if (open.size >= MOST_STREAMS)
      return problem(reply, 503, `${open.size} event streams are open; no more can be.`);
    open.add(reply.raw);
    reply.raw.once('close', () => open.delete(reply.raw));
    streamEvents(reply, hub, onStreamCutOff);
    return undefined;
  };
}

function harden(reply: FastifyReply): FastifyReply {
  return reply.headers({ ...pageHeaders, 'cache-control': 'no-store' });
}

function health(reply: FastifyReply, isReady: boolean): FastifyReply {
  return isReady ? reply.send({ status: 'ok' }) : reply.code(503).send({ status: 'starting' });
}

function liveness(reply: FastifyReply, stuck: string | undefined): FastifyReply {
  return stuck === undefined
    ? reply.send({ status: 'ok' })
    : problem(reply, 503, `The daemon is stuck: ${stuck}.`);
}

/** Only files that were read into memory at the start can be asked for, so no path can lead anywhere else. */
function sendPage(name: string, reply: FastifyReply, page: ReadonlyMap<string, Uint8Array>): FastifyReply {
  const bytes = page.get(name);
  if (bytes === undefined) return problem(reply, 404, `There is no ${JSON.stringify(name)} here.`);
  return reply.type(contentType(name)).send(Buffer.from(bytes));
}

function foreignHost(headers: IncomingHttpHeaders): string {
  const name = JSON.stringify(headers.host ?? '');
  const remedy = `Add it to "hosts" in the host settings if it should.`;
  return isForwarded(headers)
    ? `This daemon does not answer a proxy under the name ${name}. ${remedy}`
    : `This daemon does not answer to the name ${name}. ${remedy}`;
}
