import assert from 'node:assert/strict';
import test from 'node:test';
import type { FastifyInstance } from 'fastify';
import { EventHub } from '../../daemon/event-hub.ts';
import { pageServer } from '../../daemon/http/page-server.ts';
import { pageFiles } from '../../daemon/page/page-files.ts';
import { pageHeaders } from '../../daemon/page/page-headers.ts';
import { sampleHistory } from './sample-history.ts';
import { calmStatus } from './sample-status.ts';

const now = new Date('2026-11-21T20:00:00Z');
const page = await pageFiles();

function server(): FastifyInstance {
  return pageServer({
    listen: { host: '127.0.0.1', port: 8420 },
    hosts: [],
    page,
    hub: new EventHub(),
    compose: async () => ({ status: calmStatus(now), history: sampleHistory(now) }),
    isReady: () => true,
    stuck: () => undefined,
    metrics: async () => '',
    onStreamCutOff: () => {},
  });
}

async function get(
  url: string,
): Promise<{ readonly code: number; readonly type: string; readonly body: string }> {
  const answer = await server().inject({ url, headers: { host: 'localhost:8420' } });
  for (const [name, value] of Object.entries(pageHeaders))
    assert.equal(answer.headers[name], value, `${url}: ${name}`);
  return { code: answer.statusCode, type: String(answer.headers['content-type']), body: answer.body };
}

test('everything that index.html asks for is served with its media type', async () => {
  const { code, type, body } = await get('/');
  assert.deepEqual([code, type], [200, 'text/html; charset=utf-8']);

  for (const [, path = ''] of body.matchAll(/\s(?:src|href)="([^"#]+)"/g)) {
    const file = await get(`/${path}`);
    assert.equal(file.code, 200, path);
    assert.match(file.type, /^(text\/(javascript|css|markdown)|application\/json|image\/svg\+xml)/, path);
  }
});

test('the data script of the daemon says that it is live', async () => {
  assert.match((await get('/data.js')).body, /^window\.ANCHORD = \{"live":true,/);
});

test('the README of the daemon is that of the branch', async () => {
  assert.match((await get('/README.md')).body, /^# motoko\n/);
});

test('what is not part of the page is not there, whatever the path', async () => {
  for (const url of [
    '/package.json',
    '/assets/../package.json',
    '/assets/%2e%2e/tsconfig.json',
    '/types.d.ts',
  ]) {
    assert.equal((await get(url)).code, 404, url);
  }
});
