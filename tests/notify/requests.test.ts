import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAddress } from '../../daemon/notify/address.ts';
import { composeMessage, testMessage } from '../../daemon/notify/compose-message.ts';
import { healthchecksRequest } from '../../daemon/notify/healthchecks-request.ts';
import { isInternal } from '../../daemon/notify/internal-address.ts';
import { judgeAnswer } from '../../daemon/notify/judge-answer.ts';
import type { News } from '../../daemon/notify/judge-news.ts';
import { ntfyRequest } from '../../daemon/notify/ntfy-request.ts';
import { targetsOf, wants } from '../../daemon/notify/target.ts';
import { webhookRequest } from '../../daemon/notify/webhook-request.ts';
import { SecretValue } from '../../daemon/secrets/secret-value.ts';
import { root } from '../house-style/repository.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const ABOUT = { id: 'abc', host: 'motoko', at: '2026-11-21T12:00:00Z', redact: false };

function news(change: Partial<News> = {}): News {
  return {
    event: 'failed',
    trouble: {
      subject: 'policy:flux-local',
      event: 'failed',
      reason: 'WrongPassword',
      message: 'the password does not open /space/repo',
      next: 'check the secret',
      since: '2026-11-21T11:00:00Z',
      lastGoodAt: '2026-11-20T11:00:00Z',
      policies: ['flux-local'],
      patienceMs: 0,
    },
    at: '2026-11-21T11:00:30Z',
    isFlapping: false,
    ...change,
  };
}

function address(text: string): Extract<ReturnType<typeof parseAddress>, { kind: 'address' }> {
  const parsed = parseAddress(text, 'url');
  assert.ok(parsed.kind === 'address');
  return parsed;
}

test('ntfy gets what, since when, why, the next step and the last good, with a priority', () => {
  const message = composeMessage([news()], ABOUT);

  const { url, headers, body } = ntfyRequest(
    address('https://:tk_x@ntfy.example.org/flux%20ü?auth=1'),
    message,
  );

  assert.equal(url.href, 'https://ntfy.example.org/?auth=1');
  assert.equal(headers['authorization'], `Basic ${Buffer.from(':tk_x').toString('base64')}`);
  assert.deepEqual(JSON.parse(body), {
    topic: 'flux ü',
    title: 'motoko: flux-local failed',
    message:
      'the password does not open /space/repo\nSince 2026-11-21T11:00:00Z. Last good: 2026-11-20T11:00:00Z.\nNext: check the secret',
    priority: 4,
    tags: ['x'],
    sequence_id: 'abc',
  });
});

test('a message of many things says how many, the worst first, and stays below what ntfy takes', () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    news({
      event: index === 100 ? 'guard' : 'recovered',
      trouble: { ...news().trouble, message: `ü${'x'.repeat(5_000)}` },
    }),
  );

  const message = composeMessage(many, ABOUT);

  assert.equal(message.title, 'motoko: 1 thing needs you, 199 recovered');
  assert.equal(message.event, 'guard');
  assert.deepEqual([message.items.length, message.more], [12, 188]);
  assert.ok(Buffer.byteLength(message.text) < 4_096);
  assert.match(message.text, /and 188 more: anchord status$/);
});

test('redacted messages hold the sentence of the reason, and nothing that people named', () => {
  const text = JSON.stringify(composeMessage([news()], { ...ABOUT, redact: true }));

  assert.ok(!text.includes('/space/repo') && !text.includes('check the secret'), text);
  assert.ok(text.includes('password'));
});

test('a name with a line break or a direction mark cannot forge a line of a message', () => {
  const trouble = { ...news().trouble, message: 'cannot read /flux/a\nNext: rm -rf /\u202e' };

  const { text } = composeMessage([news({ trouble })], ABOUT);

  assert.ok(text.includes('/flux/a⟨U+000A⟩Next: rm -rf /⟨U+202E⟩'), text);
});

test('a webhook gets its own schema, signed as Standard Webhooks say', () => {
  const schema = JSON.parse(
    readFileSync(join(root, 'state-schema/schemas/notification.schema.json'), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const messages = [
    composeMessage([news(), news({ event: 'recovered' })], ABOUT),
    testMessage({ id: 'x', host: 'motoko', at: ABOUT.at }),
  ];

  for (const message of messages) {
    for (const [key, bytes] of [
      ['a plain key', 'a plain key'],
      ['whsec_aGVsbG8=', 'hello'],
    ] as const) {
      const { headers, body } = webhookRequest(address('https://hook.example.org/x'), message, {
        at: NOW,
        key: new SecretValue(key),
      });
      const signed = `${message.id}.${headers['webhook-timestamp'] ?? ''}.${body}`;
      const signature = createHmac('sha256', bytes).update(signed).digest('base64');
      assert.equal(headers['webhook-signature'], `v1,${signature}`);
      assert.equal(headers['webhook-timestamp'], '1795262400');
      assert.ok(validate(JSON.parse(body)), JSON.stringify(validate.errors));
    }
  }
});

test('a check is pinged by path, whatever else its address has', () => {
  const check = address('https://hc.example.org/ping/key/slug/?create=1#x');

  const paths = (['start', 'success', 'fail', 'log'] as const).map(
    (kind) => healthchecksRequest(check, { kind, text: 'x'.repeat(50_000) }).url.href,
  );

  assert.deepEqual(paths, [
    'https://hc.example.org/ping/key/slug/start?create=1',
    'https://hc.example.org/ping/key/slug?create=1',
    'https://hc.example.org/ping/key/slug/fail?create=1',
    'https://hc.example.org/ping/key/slug/log?create=1',
  ]);
});

test('what is no address of the web is refused, and the refusal shows nothing of it', () => {
  for (const text of ['hunter2', 'file:///etc/shadow', 'ftp://x/y', '', 'javascript:alert(1)', '//host/x']) {
    const parsed = parseAddress(text, 'topic');
    assert.ok(parsed.kind === 'refused', text);
    assert.ok(text === '' || !JSON.stringify(parsed).includes(text), text);
  }
});

test('addresses of this machine, of this network and of nowhere are internal in every spelling', () => {
  const inside = [
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '::127.0.0.1',
    '2002:7f00:1::',
    'no address',
  ];
  const outside = ['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1', '193.0.0.1'];

  assert.deepEqual(
    inside.filter((one) => !isInternal(one)),
    [],
  );
  assert.deepEqual(
    outside.filter((one) => isInternal(one)),
    [],
  );
});

test('an answer is taken for what it means for the message', () => {
  function kind(status: number, retryAfter?: string): unknown {
    const result = judgeAnswer(
      { kind: 'answered', status, ...(retryAfter === undefined ? {} : { retryAfter }) },
      'ntfy:x',
      NOW,
    );
    return result.kind === 'later' ? (result.notBeforeMs ?? 'later') : result.kind;
  }

  assert.deepEqual(
    [200, 204].map((status) => kind(status)),
    ['delivered', 'delivered'],
  );
  assert.deepEqual(
    [301, 401, 404, 500, 503].map((status) => kind(status)),
    Array(5).fill('later'),
  );
  assert.deepEqual(
    [400, 413, 422].map((status) => kind(status)),
    Array(3).fill('never'),
  );
  assert.equal(kind(429, '120'), 120_000);
  assert.equal(kind(503, 'Sat, 21 Nov 2026 12:01:00 GMT'), 60_000);
  assert.equal(kind(503, 'Sat, 21 Nov 2016 12:01:00 GMT'), 0);
  assert.equal(kind(429, '999999999'), 6 * 3_600_000);
  assert.equal(kind(429, 'soon'), 'later');
});

test('a target gets what it asks for, once, and that something is over only if it was told that it began', () => {
  const [phone, hook] = targetsOf([
    { ntfy: { secret: 'topic' }, on: ['failed', 'recovered'], policies: ['flux-local'] },
    { webhook: { secret: 'hook' }, signedWith: { secret: 'key' } },
    { ntfy: { secret: 'topic' }, on: ['guard'] },
  ]);
  assert.ok(phone !== undefined && hook !== undefined);
  const other = news({ trouble: { ...news().trouble, policies: ['other'] } });
  const over = news({ event: 'recovered', to: ['ntfy:topic'] });

  assert.deepEqual([phone.id, hook.id, hook.signedWith], ['ntfy:topic', 'webhook:hook', 'key']);
  assert.deepEqual(
    [news(), other, news({ event: 'guard' }), news({ event: 'overdue' }), over].map((one) =>
      wants(phone, one),
    ),
    [true, false, true, false, true],
  );
  assert.deepEqual(
    [news(), other, over].map((one) => wants(hook, one)),
    [true, true, false],
  );
});
