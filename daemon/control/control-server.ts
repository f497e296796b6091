import { chmod, rm } from 'node:fs/promises';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { EventHub } from '../event-hub.ts';
import { streamEvents } from '../http/event-stream.ts';
import type { RecentEvents } from '../recent-events.ts';
import type { RestoreRequest } from '../restore/restore-request.ts';
import type { Suspended } from '../suspension.ts';
import type { Control, PlanCandidate, Refusal } from './control.ts';
import { streamEventLines } from './stream-event-lines.ts';

/** How many runs are told to who does not say how many. */
const RUNS = 50;
/** A parsed host state is about as large as its files. Bytes. */
const CANDIDATE_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Serves `Control` on the daemon's unix socket. Who may connect is decided by the socket's mode and its folder's: 0600
 * in a directory that only the daemon's user can enter.
 */
export async function serveControl(
  socket: string,
  control: Control,
  { hub, recent }: { readonly hub: EventHub; readonly recent: RecentEvents },
): Promise<FastifyInstance> {
  const server = fastify({ logger: false, forceCloseConnections: true, bodyLimit: CANDIDATE_LIMIT_BYTES });
  server.get('/status', () => control.status());
  server.post('/plan', (request) => control.plan(candidateOf(request.body)));
  server.post('/apply', (request) => control.apply(candidateOf(request.body)));
  server.post('/suspend', (request) => control.suspend(request.body as Omit<Suspended, 'since'>));
  server.post('/resume', () => control.resume());
  server.get('/policies', () => control.policies());
  server.get('/policies/:name/runs', (request) =>
    control.runs(nameOf(request.params), limitOf(request.query)),
  );
  server.get('/event-lines', (request, reply) => streamEventLines(reply, recent, follows(request.query)));
  server.get('/events', (_, reply) => streamEvents(reply, hub));
  server.post('/policies/:name/run', (request) => control.runPolicy(nameOf(request.params)));
  server.post('/policies/:name/cancel', (request) => control.cancelPolicy(nameOf(request.params)));
  server.post('/policies/:name/init', (request) => control.initPolicy(nameOf(request.params)));
  server.get('/policies/:name/plan', (request) => control.planPolicy(nameOf(request.params)));
  server.post('/policies/:name/accept/:id', (request) =>
    control.acceptPolicy(nameOf(request.params), (request.params as { readonly id: string }).id),
  );
  server.get('/policies/:name/snapshots', (request) =>
    control.snapshots(nameOf(request.params), (request.query as { readonly all?: string }).all === 'yes'),
  );
  server.post('/restore', (request, reply) =>
    control.restore(request.body as RestoreRequest, untilGone(reply)),
  );
  server.get('/volumes', () => control.volumes());
  server.post('/volumes/:name/adopt', (request) => control.adoptVolume(nameOf(request.params)));
  server.post('/accept-rewrite/:name', (request) => control.acceptRewrite(nameOf(request.params)));
  server.post('/notifications/test', () => control.testNotifications());
  server.post('/audit/verify', () => control.verifyAudit({ remote: false }));
  server.post('/audit/verify-remote', () => control.verifyAudit({ remote: true }));
  server.setErrorHandler((error: Error, _, reply: FastifyReply) => {
    const refusal: Refusal = { kind: 'refused', reason: 'InternalError', message: error.message };
    return reply.code(500).send(refusal);
  });
  // Left over from a daemon that was killed: the lock on the state directory says that no other one lives.
  await rm(socket, { force: true });
  await server.listen({ path: socket });
  await chmod(socket, 0o600);
  return server;
}

/** Aborts when the caller goes away before it has its answer. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

function nameOf(params: unknown): string {
  return (params as { readonly name: string }).name;
}

function limitOf(query: unknown): number {
  return Number.parseInt((query as { readonly limit?: string }).limit ?? '', 10) || RUNS;
}

function follows(query: unknown): boolean {
  return (query as { readonly follow?: string }).follow === 'yes';
}

/** The caller is the daemon's own user, and its own `anchord plan` has checked the state it sends. */
function candidateOf(body: unknown): PlanCandidate | undefined {
  return body === null || body === undefined ? undefined : (body as PlanCandidate);
}
