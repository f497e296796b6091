import type { IncomingMessage } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Emit } from '../events.ts';
import type { HookResult } from '../hook-result.ts';
import type { SecretValue } from '../secrets/secret-value.ts';
import { hookProof, type HookProof } from './hook-proof.ts';
import { PacedLook } from './paced-look.ts';
import { problem } from './problem.ts';
import { pushedRef } from './pushed-ref.ts';

/** Where a forge tells of a push. */
export const PUSH_HOOK = '/hooks/push';
/** GitHub caps what it sends at this; it is hashed as it comes, and not kept. Bytes. */
export const HOOK_BODY_LIMIT: number = 25 * 1024 * 1024;
/** So much of a body is looked at to see which branch it tells of. Bytes. */
const BODY_START = 4 * 1024;
/** How many wrong ones, from whomever, are told of one by one. */
export const WRONG_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** What the hook needs. */
export interface PushHookParts {
  readonly secret: SecretValue;
  /** The branch that describes the host: a push of another is no reason to look. */
  readonly branch: string;
  /** Makes the daemon look at the remote. */
  readonly look: () => void;
  readonly emit: Emit;
  /** Told of every call. */
  readonly count: (result: HookResult) => void;
}

/**
 * The hook that a forge calls after a push. It only ever makes the daemon look: nothing of what it is sent is believed,
 * kept or logged, so a replay, or a forge that lies, costs one listing of refs.
 */
export async function pushHook(server: FastifyInstance, parts: PushHookParts): Promise<void> {
  await server.register(rateLimit, { global: false });
  // For all who ask together: behind a proxy everybody has one address, and the log has one size.
  const limit = server.createRateLimit({
    max: WRONG_PER_MINUTE,
    timeWindow: MINUTE_MS,
    keyGenerator: () => 'all',
  });
  const looks = new PacedLook(parts.look);
  server.addHook('onClose', async () => looks.stop());
  // The body is not for fastify: it is hashed as it comes.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _body, done) => done(null));

  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { isAllowed, ...wrong } = await limit(request);
    if (!isAllowed && 'isExceeded' in wrong && wrong.isExceeded) {
      parts.count('limited');
      return problem(reply.header('retry-after', wrong.ttlInSeconds), 429, 'Too many wrong signatures.');
    }
    parts.count('refused');
    parts.emit({ kind: 'auth.failed', door: PUSH_HOOK, from: request.ip });
    return problem(reply, 401, 'The signature is missing or wrong.');
  }

  server.post(PUSH_HOOK, async (request, reply) => {
    const proof = hookProof(request.headers, parts.secret);
    const body = await readBody(request.raw, proof);
    if (body.kind === 'cut-off') {
      parts.count('cut-off');
      return reply.hijack();
    }
    if (body.kind === 'too-large') {
      parts.count('too-large');
      return problem(reply.header('connection', 'close'), 413, `At most ${HOOK_BODY_LIMIT} bytes are read.`);
    }
    if (proof?.holds() !== true) return refuse(request, reply);
    const result = resultOf(request, body.start, parts.branch);
    parts.count(result);
    if (result === 'accepted') looks.ask();
    return reply.code(202).send({ status: result });
  });
  server.route({
    method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: PUSH_HOOK,
    handler: (_, reply) => problem(reply.header('allow', 'POST'), 405, 'Only POST is answered here.'),
  });
}

function resultOf(request: FastifyRequest, bodyStart: string, branch: string): HookResult {
  if (request.headers['x-github-event'] === 'ping') return 'ping';
  const ref = pushedRef(bodyStart);
  return ref === undefined || ref === `refs/heads/${branch}` ? 'accepted' : 'ignored';
}

type Body =
  | { readonly kind: 'whole'; readonly start: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'cut-off' };

/** Hands a body to its proof as it comes, and keeps only its beginning. What is sent without a proof is not hashed. */
function readBody(request: IncomingMessage, proof: HookProof | undefined): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > HOOK_BODY_LIMIT)
    return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    let start = Buffer.alloc(0);
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > HOOK_BODY_LIMIT) {
        request.pause();
        resolve({ kind: 'too-large' });
        return;
      }
      proof?.take(chunk);
      if (start.length < BODY_START)
        start = Buffer.concat([start, chunk.subarray(0, BODY_START - start.length)]);
    });
    request.once('end', () => resolve({ kind: 'whole', start: start.toString('latin1') }));
    request.once('close', () => resolve({ kind: 'cut-off' }));
    request.once('error', () => resolve({ kind: 'cut-off' }));
  });
}
