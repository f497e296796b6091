import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { pageOver } from './page-rig.ts';

test('the page, its files and its data are served, each as what it is', async () => {
  await using server = pageOver();

  for (const [url, type, part] of [
    ['/', 'text/html', '<!doctype html>'],
    ['/index.html', 'text/html', '<!doctype html>'],
    ['/assets/page.css', 'text/css', 'body {}'],
    ['/data.js', 'text/javascript', 'window.ANCHORD = {"live":true'],
    ['/status.json', 'application/json', '"host":"motoko"'],
    ['/history.json', 'application/json', '"version":1'],
  ] as const) {
    const answer = await server.inject({ url, headers: { host: 'localhost' } });
    assert.equal(answer.statusCode, 200, url);
    assert.match(String(answer.headers['content-type']), new RegExp(`^${type}`), url);
    assert.ok(answer.body.includes(part), url);
  }
});

test('every answer, errors included, forbids what the page does not need', async () => {
  await using server = pageOver({ compose: () => Promise.reject(new Error('/var/lib/anchord is gone')) });
  const asked: readonly (InjectOptions & { readonly url: string })[] = [
    { url: '/' },
    { url: '/none' },
    { url: '/status.json' },
    { url: '/%zz' },
    { url: '/', method: 'DELETE' },
    { url: '/', headers: { host: 'evil.example' } },
  ];

  for (const question of asked) {
    const { headers, statusCode } = await server.inject({ headers: { host: 'localhost' }, ...question });
    const what = `${question.method ?? 'GET'} ${question.url} ${statusCode}`;
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self'/, what);
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, what);
    assert.equal(headers['x-content-type-options'], 'nosniff', what);
    assert.equal(headers['referrer-policy'], 'no-referrer', what);
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin', what);
    assert.equal(headers['cache-control'], 'no-store', what);
    assert.equal(headers['access-control-allow-origin'], undefined, what);
  }
});

test('an error is a problem document that says nothing of the inside', async () => {
  await using server = pageOver({ compose: () => Promise.reject(new Error('/var/lib/anchord is gone')) });

  for (const [question, status] of [
    [{ url: '/none' }, 404],
    [{ url: '/status.json', method: 'POST' }, 404],
    [{ url: '/%zz' }, 400],
    [{ url: '/status.json' }, 500],
    [{ url: '/', headers: { host: 'evil.example' } }, 421],
  ] as const) {
    const answer = await server.inject({ headers: { host: 'localhost' }, ...question });
    assert.equal(answer.statusCode, status);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    const body = answer.json<Record<string, unknown>>();
    assert.deepEqual(
      [typeof body['detail'], typeof body['title'], body['status']],
      ['string', 'string', status],
    );
    assert.ok(!answer.body.includes('/var/lib'), answer.body);
  }
});

test('no address leads to a file that is not of the page', async () => {
  await using server = pageOver();

  for (const url of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fetc/passwd',
    '/assets/../../etc/passwd',
    '//etc/passwd',
    '/etc/passwd',
    '/index.html%00.css',
    '/assets',
    '/assets/',
    '/__proto__',
    '/constructor',
  ])
    assert.equal((await server.inject({ url, headers: { host: 'localhost' } })).statusCode, 404, url);
});

test('a foreign name gets nothing, from any address', async () => {
  await using server = pageOver();

  for (const url of [
    '/',
    '/status.json',
    '/data.js',
    '/history.json',
    '/metrics',
    '/health',
    '/api/v1/events',
  ]) {
    const answer = await server.inject({ url, headers: { host: 'evil.example' } });
    assert.equal(answer.statusCode, 421, url);
    assert.ok(!answer.body.includes('motoko'), url);
  }
});

test('health answers 503 until the first round has ended, and liveness does not wait for it', async () => {
  let ready = false;
  await using server = pageOver({ isReady: () => ready });
  async function ask(url: string): Promise<readonly [number, unknown]> {
    const answer = await server.inject({ url, headers: { host: 'localhost' } });
    return [answer.statusCode, answer.json()];
  }

  assert.deepEqual(await ask('/health'), [503, { status: 'starting' }]);
  assert.deepEqual(await ask('/healthz/ready'), [503, { status: 'starting' }]);
  assert.deepEqual(await ask('/healthz/live'), [200, { status: 'ok' }]);
  ready = true;
  assert.deepEqual(await ask('/health'), [200, { status: 'ok' }]);
  assert.deepEqual(await ask('/healthz/ready'), [200, { status: 'ok' }]);
});

test('a name in an address cannot end the script that carries the data', async () => {
  await using server = pageOver();

  const { body } = await server.inject({ url: '/data.js', headers: { host: 'localhost' } });

  assert.ok(!body.includes('<'), 'a < could open a tag');
});

test('a loop that makes no progress is not alive, and the answer says what it is stuck in', async () => {
  await using server = pageOver({ stuck: () => 'a round has not ended for 60 minutes' });

  const answer = await server.inject({ url: '/healthz/live', headers: { host: 'localhost' } });

  assert.equal(answer.statusCode, 503);
  assert.match(answer.body, /stuck: a round has not ended for 60 minutes/);
});

test('the metrics are served as Prometheus reads them, and to no foreign name', async () => {
  await using server = pageOver({ metrics: async () => 'up 1\n' });

  const answer = await server.inject({ url: '/metrics', headers: { host: 'localhost' } });
  assert.deepEqual(
    [answer.statusCode, answer.body, answer.headers['content-type']],
    [200, 'up 1\n', 'text/plain; version=0.0.4; charset=utf-8'],
  );
  assert.equal((await server.inject({ url: '/metrics', headers: { host: 'evil.example' } })).statusCode, 421);
});
