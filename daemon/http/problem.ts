import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Answers with an error as RFC 9457 has it. */
export function problem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error';
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, detail });
}
