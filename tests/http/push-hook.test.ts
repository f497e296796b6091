import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { AnchordEvent } from '../../daemon/events.ts';
import { HOOK_BODY_LIMIT, WRONG_PER_MINUTE } from '../../daemon/http/push-hook.ts';
import type { HookResult } from '../../daemon/hook-result.ts';
import { SecretValue } from '../../daemon/secrets/secret-value.ts';
import { pageOver } from './page-rig.ts';
import { LOOK_PACE_MS } from '../../daemon/http/paced-look.ts';

const SECRET = 'correct-horse-battery-staple';
const MAIN = '{"ref":"refs/heads/main","before":"1","after":"2"}';
const OURS = '{"ref":"refs/heads/anchord-status/motoko","before":"1"}';
const MEBIBYTE = 1024 * 1024;

interface HookRig {
  readonly server: FastifyInstance;
  readonly results: HookResult[];
  readonly events: AnchordEvent[];
  looks: number;
  onResult: () => void;
}

function hookRig(hosts: readonly string[] = []): HookRig {
  const rig: Omit<HookRig, 'server'> = { results: [], events: [], looks: 0, onResult: () => {} };
  const server = pageOver({
    hosts,
    hook: {
      secret: new SecretValue(SECRET),
      branch: 'main',
      look: () => rig.looks++,
      emit: (event) => rig.events.push(event),
      count(result) {
        rig.results.push(result);
        rig.onResult();
      },
    },
  });
  return Object.assign(rig, { server });
}

function sign(body: string): string {
  return createHmac('sha256', SECRET).update(body).digest('hex');
}

async function post(
  { server }: HookRig,
  body: string,
  headers: Record<string, string> = { 'x-hub-signature-256': `sha256=${sign(body)}` },
): Promise<{ readonly status: number; readonly text: string; readonly headers: Record<string, unknown> }> {
  const answer = await server.inject({ method: 'POST', url: '/hooks/push', payload: body, headers });
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}

async function open({ server }: HookRig): Promise<Socket> {
  if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function answerTo(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.includes('\r\n\r\n')) break;
  }
  return text;
}

test('a push of the branch, signed as each forge does it, makes the daemon look', async () => {
  for (const headers of [
    { 'x-hub-signature-256': `sha256=${sign(MAIN)}`, 'x-github-event': 'push' },
    { 'x-forgejo-signature': sign(MAIN), 'x-gitea-signature': sign(MAIN) },
    { 'x-gitea-signature': sign(MAIN) },
    { 'x-gitlab-token': SECRET, 'x-gitlab-event': 'Push Hook' },
  ] as readonly Record<string, string>[]) {
    const rig = hookRig();

    const { status, text } = await post(rig, MAIN, headers);

    assert.deepEqual([status, text], [202, '{"status":"accepted"}'], JSON.stringify(headers));
    assert.deepEqual([rig.looks, rig.results], [1, ['accepted']]);
    await rig.server.close();
  }
});

test('whatever type a body claims to have, it is taken as the bytes it is', async () => {
  const rig = hookRig();
  const form = 'payload=%7B%22ref%22%3A%22refs%2Fheads%2Fother%22%7D';
  for (const type of ['application/x-www-form-urlencoded', 'application/json', 'text/x-none']) {
    const headers = { 'x-hub-signature-256': `sha256=${sign(form)}`, 'content-type': type };
    assert.equal((await post(rig, form, headers)).status, 202, type);
  }
  const broken = '{"ref":';
  assert.equal((await post(rig, broken)).status, 202);
  const noType = await post(rig, form, { 'x-gitlab-token': SECRET, 'content-type': 'none' });
  assert.equal(noType.status, 415);

  // It could be read by nobody, and so might be any push.
  assert.deepEqual([...new Set(rig.results)], ['accepted']);
  await rig.server.close();
});

test('a push of another branch, a tag, the status branch, and a ping are answered without a look', async () => {
  const rig = hookRig();
  const ping = '{"zen":"Keep it logically awesome."}';

  for (const body of [OURS, '{"ref":"refs/heads/main2"}', '{"ref":"refs/tags/main"}'])
    assert.equal((await post(rig, body)).status, 202, body);
  const pinged = await post(rig, ping, {
    'x-hub-signature-256': `sha256=${sign(ping)}`,
    'x-github-event': 'ping',
  });

  assert.equal(pinged.status, 202);
  assert.deepEqual([rig.looks, rig.results], [0, ['ignored', 'ignored', 'ignored', 'ping']]);
  await rig.server.close();
});

test('no or a wrong signature is refused, in one and the same way, and without a look', async () => {
  const rig = hookRig();
  const wrong: readonly Record<string, string>[] = [
    {},
    { 'x-hub-signature-256': `sha256=${sign(`${MAIN} `)}` },
    { 'x-hub-signature-256': 'sha256=' },
    { 'x-gitea-signature': 'zz' },
    { 'x-gitlab-token': 'correct-horse-battery-stapler' },
    { 'webhook-signature': 'v1,AAAA', 'webhook-id': '1', 'webhook-timestamp': '1' },
  ];

  const answers = new Set<string>();
  for (const headers of wrong) {
    const { status, text, headers: given } = await post(rig, MAIN, headers);
    assert.equal(status, 401, JSON.stringify(headers));
    assert.match(String(given['content-type']), /^application\/problem\+json/);
    answers.add(text);
  }

  assert.equal(answers.size, 1);
  assert.equal(rig.looks, 0);
  assert.deepEqual([...new Set(rig.results)], ['refused']);
  assert.ok(!JSON.stringify([...answers, ...rig.events]).includes(SECRET));
  await rig.server.close();
});

test('many wrong signatures are told of a few times only, and do not shut out the right one', async () => {
  const rig = hookRig();

  const statuses: number[] = [];
  for (let times = 0; times < 200; times++)
    statuses.push((await post(rig, MAIN, { 'x-gitea-signature': 'no' })).status);
  const limited = await post(rig, MAIN, {});
  const right = await post(rig, MAIN);

  assert.deepEqual(statuses.slice(0, WRONG_PER_MINUTE), Array(WRONG_PER_MINUTE).fill(401));
  assert.deepEqual([...new Set(statuses.slice(WRONG_PER_MINUTE))], [429]);
  assert.equal(rig.events.length, WRONG_PER_MINUTE);
  assert.equal(limited.status, 429);
  assert.ok(Number(limited.headers['retry-after']) > 0);
  assert.match(String(limited.headers['content-type']), /^application\/problem\+json/);
  assert.equal(rig.results.filter((result) => result === 'limited').length, 200 - WRONG_PER_MINUTE + 1);
  assert.deepEqual([right.status, rig.looks], [202, 1]);
  await rig.server.close();
});

test('a replayed call, and a flood of right ones, ask for one look at once and no more than one later', async () => {
  const rig = hookRig();
  const began = performance.now();

  const answers = await Promise.all(Array.from({ length: 500 }, () => post(rig, MAIN)));

  const paces = Math.floor((performance.now() - began) / LOOK_PACE_MS);
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
  assert.ok(rig.looks <= 2 + paces, `${rig.looks} looks in ${paces} times their pace`);
  await rig.server.close();
});

test('a large body is hashed as it comes, in chunks without a length too', async () => {
  const rig = hookRig();
  const body = `{"ref":"refs/heads/main","commits":["${'x'.repeat(6 * MEBIBYTE)}"]}`;

  assert.equal((await post(rig, body)).status, 202);
  const socket = await open(rig);
  socket.write(
    `POST /hooks/push HTTP/1.1\r\nHost: localhost\r\nX-Gitea-Signature: ${sign(MAIN)}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  for (const letter of MAIN) socket.write(`1\r\n${letter}\r\n`);
  socket.write('0\r\n\r\n');

  assert.match(await answerTo(socket), /^HTTP\/1\.1 202 /);
  assert.deepEqual(rig.results, ['accepted', 'accepted']);
  await rig.server.close();
});

test('a body over the limit is refused before it is read when it says so, and while it is read when not', async () => {
  const rig = hookRig();

  const honest = await open(rig);
  honest.write(
    `POST /hooks/push HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${HOOK_BODY_LIMIT + 1}\r\n\r\n`,
  );
  assert.match(await answerTo(honest), /^HTTP\/1\.1 413 [\s\S]*connection: close/i);
  const liar = await open(rig);
  liar.write('POST /hooks/push HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
  const chunk = 'x'.repeat(MEBIBYTE);
  for (let sent = 0; sent <= HOOK_BODY_LIMIT && !liar.destroyed; sent += MEBIBYTE)
    liar.write(`${MEBIBYTE.toString(16)}\r\n${chunk}\r\n`);
  // It may be cut off before it has read why.
  await answerTo(liar).catch(() => '');

  assert.deepEqual(rig.results, ['too-large', 'too-large']);
  assert.equal(rig.looks, 0);
  await rig.server.close();
});

test('a body that ends before its length is no call, and the next one is heard', async () => {
  const rig = hookRig();
  const socket = await open(rig);
  const counted = new Promise<void>((resolve) => (rig.onResult = resolve));

  socket.write(
    `POST /hooks/push HTTP/1.1\r\nHost: localhost\r\nX-Gitea-Signature: ${sign(MAIN)}\r\nContent-Length: ${MAIN.length}\r\n\r\n${MAIN.slice(0, -5)}`,
  );
  socket.end();
  socket.destroy();
  await counted;

  assert.deepEqual(rig.results, ['cut-off']);
  assert.equal((await post(rig, MAIN)).status, 202);
  assert.equal(rig.looks, 1);
  await rig.server.close();
});

test('only POST is answered, and without a secret there is no hook at all', async () => {
  const rig = hookRig();
  const bare = pageOver();

  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
    const answer = await rig.server.inject({ method, url: '/hooks/push' });
    assert.deepEqual([answer.statusCode, answer.headers['allow']], [405, 'POST'], method);
  }
  const payload = MAIN;
  const headers = { 'x-gitlab-token': SECRET };
  const answer = await bare.inject({ method: 'POST', url: '/hooks/push', payload, headers });
  assert.equal(answer.statusCode, 404);
  assert.equal((await bare.inject({ url: '/hooks/push' })).statusCode, 404);
  await rig.server.close();
});

test('behind a proxy it answers to the names on the list, and to no other', async () => {
  const rig = hookRig(['anchord.example.org']);
  const right = { 'x-gitea-signature': sign(MAIN), 'x-forwarded-for': '203.0.113.7' };

  assert.equal((await post(rig, MAIN, { ...right, host: 'anchord.example.org' })).status, 202);
  assert.equal((await post(rig, MAIN, { ...right, host: 'evil.example' })).status, 421);
  assert.equal((await post(rig, MAIN, { ...right, host: 'localhost' })).status, 421);
  assert.equal(rig.looks, 1);
  await rig.server.close();
});

test('a page of another site is turned away before its body is read', async () => {
  const rig = hookRig();
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'x-gitlab-token': SECRET };

  assert.equal((await post(rig, MAIN, headers)).status, 403);
  assert.deepEqual([rig.looks, rig.results], [0, []]);
  await rig.server.close();
});

test('calls sent ahead on one connection, before an answer is read, are cut off as everywhere', async () => {
  const rig = hookRig();
  const call = `POST /hooks/push HTTP/1.1\r\nHost: localhost\r\nX-Gitea-Signature: no\r\nContent-Length: ${MAIN.length}\r\n\r\n${MAIN}`;
  const greedy = await open(rig);

  // It may be reset, which is an error to `once`, before it is closed.
  const closed = new Promise((resolve) => greedy.once('close', resolve));
  greedy.write(call.repeat(1000));
  await closed;

  assert.ok(rig.results.length < 1000, `${rig.results.length} were answered`);
  assert.equal((await post(rig, MAIN)).status, 202);
  await rig.server.close();
});
