import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { EventHub } from '../../daemon/event-hub.ts';
import { MOST_CONNECTIONS, MOST_STREAMS } from '../../daemon/http/connection-limits.ts';
import { shareAnswer } from '../../daemon/http/share-answer.ts';
import { pageOver } from './page-rig.ts';

/** Connects and says something; errors are what a limit looks like from outside. */
async function open(server: FastifyInstance, text: string): Promise<Socket> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** The first line of what comes back; undefined when the connection ends without a word. */
async function firstLine(socket: Socket): Promise<string | undefined> {
  try {
    for await (const chunk of socket) return String(chunk).split('\r\n')[0];
  } catch {
    // Cut off before a word was said: the same, from here.
  }
  return undefined;
}

const EVENTS = 'GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n';
const PAGE = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('a page of another site is not answered, whatever it asks for; a link that is followed is', async () => {
  const server = pageOver();
  const refused: readonly Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ];
  const answered: readonly Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ];

  for (const headers of refused) {
    for (const url of ['/', '/data.js', '/status.json', '/metrics', '/api/v1/events'])
      assert.equal(
        (await server.inject({ url, headers })).statusCode,
        403,
        `${url} ${JSON.stringify(headers)}`,
      );
  }
  for (const headers of answered) assert.equal((await server.inject({ url: '/', headers })).statusCode, 200);
});

test('no more connections than the limit are taken, and one that ends makes room', async () => {
  const server = pageOver();
  await server.listen({ host: '127.0.0.1', port: 0 });
  const held = await Promise.all(Array.from({ length: MOST_CONNECTIONS }, () => open(server, '')));

  const refused = await firstLine(await open(server, PAGE));
  const [first] = held;
  first?.destroy();
  let answered: string | undefined;
  // The server learns of the end a moment later.
  while (answered === undefined) answered = await firstLine(await open(server, PAGE));

  assert.equal(refused, undefined);
  assert.equal(answered, 'HTTP/1.1 200 OK');
  await server.close();
});

test('a body that comes byte by byte is cut off soon, so that it does not hold a connection', async () => {
  const server = pageOver();
  await server.listen({ host: '127.0.0.1', port: 0 });
  const head = 'POST /hooks/push HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n';
  const began = performance.now();
  const slow = await open(server, head);
  const drip = setInterval(() => slow.write('x'), 1_000);

  await once(slow.resume(), 'close');

  clearInterval(drip);
  assert.ok(performance.now() - began < 60_000, `held for ${performance.now() - began} ms`);
  await server.close();
});

test('no more event streams than the limit are open, and one that ends makes room', async () => {
  const server = pageOver();
  await server.listen({ host: '127.0.0.1', port: 0 });
  const streams = await Promise.all(Array.from({ length: MOST_STREAMS }, () => open(server, EVENTS)));
  for (const stream of streams) await once(stream, 'data');

  const refused = await firstLine(await open(server, EVENTS));
  streams[0]?.destroy();
  let answered = refused;
  while (answered?.includes('503') === true) answered = await firstLine(await open(server, EVENTS));

  assert.equal(refused, 'HTTP/1.1 503 Service Unavailable');
  assert.equal(answered, 'HTTP/1.1 200 OK');
  await server.close();
});

test('who asks again before an answer is finished is cut off, who waits for it is not', async () => {
  const server = pageOver({ compose: () => new Promise(() => {}) });
  await server.listen({ host: '127.0.0.1', port: 0 });

  const greedy = await open(server, 'GET /status.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1000));
  // It may be reset, which is an error to `once`, before it is closed.
  const closed = new Promise((resolve) => greedy.once('close', resolve));
  const patient = await open(server, PAGE);

  await closed;
  for (let times = 0; times < 3; times++) {
    const [chunk] = (await once(patient, 'data')) as [Buffer];
    assert.match(String(chunk), /^HTTP\/1.1 200/);
    patient.write(PAGE);
  }
  patient.destroy();
  await server.close();
});

test('who connects and says nothing, or only half, is let go after seconds', () => {
  const { server } = pageOver();

  assert.ok(server.requestTimeout > 0 && server.requestTimeout <= 10_000);
  assert.ok(server.timeout > 0 && server.timeout <= 60_000);
});

test('many who ask at once share one answer, until something happens or a second is over', async () => {
  const hub = new EventHub();
  let made = 0;
  let now = 0;
  const shared = shareAnswer(() => Promise.resolve(++made), { hub, monotonic: () => now });

  assert.deepEqual(await Promise.all([shared(), shared(), shared()]), [1, 1, 1]);
  hub.emit({ kind: 'daemon.stopping', cause: 'test' });
  assert.equal(await shared(), 2);
  now = 999;
  assert.equal(await shared(), 2);
  now = 1000;
  assert.equal(await shared(), 3);
});

test('an answer that could not be made is not handed to the next who asks', async () => {
  const hub = new EventHub();
  let made = 0;
  const shared = shareAnswer(() => (++made === 1 ? Promise.reject(new Error('no')) : Promise.resolve(made)), {
    hub,
    monotonic: () => 0,
  });

  await assert.rejects(shared());
  assert.equal(await shared(), 2);
});
