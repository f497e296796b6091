import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { CountingHub, pageOver } from './page-rig.ts';

/** Far more than the system buffers of both ends and the daemon's own patience. */
const MORE_THAN_ANYBODY_HOLDS = 64;
const MEBIBYTE = 2 ** 20;

test('a reader hears each event when it happens, under the headers of the page', async () => {
  const hub = new CountingHub();
  await using server = pageOver({ hub });
  const stream = await follow(server);
  await hub.listening(1);

  hub.emit({ kind: 'daemon.stopping', cause: 'line\nend' });
  const first = await readUntil(stream, '\n\n');
  hub.emit({ kind: 'revision.trusted', revision: 'abc' });
  const second = await readUntil(stream, 'abc');
  stream.destroy();
  await hub.listening(0);

  assert.equal(stream.statusCode, 200);
  assert.equal(stream.headers['content-type'], 'text/event-stream');
  assert.match(String(stream.headers['content-security-policy']), /default-src 'none'/);
  assert.match(first, /event: anchord\ndata: \{"kind":"daemon.stopping","cause":"line\\nend"\}\n\n$/);
  assert.match(second, /^event: anchord\ndata: \{"kind":"revision.trusted","revision":"abc"\}/);
});

test('a reader that went away is forgotten, and the others go on', async () => {
  const hub = new CountingHub();
  await using server = pageOver({ hub });
  const [one, two] = [await follow(server), await follow(server)];
  await hub.listening(2);

  one.destroy();
  await hub.listening(1);
  hub.emit({ kind: 'revision.trusted', revision: 'abc' });

  assert.match(await readUntil(two, 'abc'), /revision.trusted/);
});

test('a reader that does not read is cut off before it fills the memory', async () => {
  const hub = new CountingHub();
  await using server = pageOver({ hub });
  const { port } = await listen(server);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.on('error', () => {}); // it is reset, which is what this is about
  socket.write('GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await hub.listening(1);

  const cause = 'x'.repeat(MEBIBYTE);
  for (let n = 0; n < MORE_THAN_ANYBODY_HOLDS; n++) {
    hub.emit({ kind: 'daemon.stopping', cause });
    await nextTurn();
  }

  await hub.listening(0);
  socket.destroy();
});

test('the server ends although somebody still listens', async () => {
  const hub = new CountingHub();
  const server = pageOver({ hub });
  const stream = await follow(server);
  stream.on('error', () => {});
  await hub.listening(1);

  await server.close();

  await hub.listening(0);
});

async function listen(server: FastifyInstance): Promise<AddressInfo> {
  if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 });
  return server.server.address() as AddressInfo;
}

async function follow(server: FastifyInstance): Promise<IncomingMessage> {
  const { port } = await listen(server);
  const asked = request({ host: '127.0.0.1', port, path: '/api/v1/events' });
  asked.end();
  const [stream] = (await once(asked, 'response')) as [IncomingMessage];
  stream.setEncoding('utf8');
  await readUntil(stream, 'retry: 1000\n\n');
  return stream;
}

async function readUntil(stream: IncomingMessage, end: string): Promise<string> {
  let text = '';
  while (!text.includes(end)) {
    const chunk = stream.read() as string | null;
    if (chunk === null) await once(stream, 'readable');
    else text += chunk;
  }
  return text;
}
