import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostAuthorities } from '../../daemon/notify/host-authorities.ts';
import { tempFolder } from '../files/temp-folder.ts';
import { Authority } from '../git/authority.ts';
import { Receiver, takeIt, type Answer } from './receiver.ts';
import { NotifierRig } from './notifier-rig.ts';

const WEBHOOK = [{ webhook: { secret: 'hook' } }];

/** A webhook on loopback that gets what the rig tells. */
async function hooked(receiver: Receiver): Promise<NotifierRig> {
  return await NotifierRig.start({
    notify: WEBHOOK,
    secrets: { hook: receiver.url('/hook') },
    allowed: [receiver.host],
  });
}

function titles(receiver: Receiver): readonly string[] {
  return receiver.received.map(({ body }) => (JSON.parse(body) as { readonly title: string }).title);
}

function answering(status: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end('no');
}

test('a server that is down, then broken, then slow gets every message once it is well, in order, with the id of the first attempt', async () => {
  await using receiver = await Receiver.open();
  await using rig = await hooked(receiver);
  receiver.answer = answering(500);
  await rig.fail();
  await rig.untilFailed(1);
  await rig.mend();
  rig.pass(60);
  receiver.answer = answering(503);
  await rig.notifier.look();
  await rig.untilFailed(2);

  receiver.answer = takeIt;
  await rig.untilDelivered();

  assert.deepEqual(titles(receiver), [
    ...Array<string>(3).fill('motoko: local failed'),
    'motoko: local recovered',
  ]);
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  assert.equal(new Set(ids).size, 2);
  assert.equal(new Set(ids.slice(0, 3)).size, 1);
});

test('a server that wants to be left alone is left alone for as long as it says, over a restart too', async () => {
  await using receiver = await Receiver.open();
  await using rig = await hooked(receiver);
  receiver.answer = answering(429, { 'retry-after': '600' });
  await rig.fail();
  await rig.untilFailed(1);

  receiver.answer = takeIt;
  rig.pass(599);
  await rig.restart();
  await rig.notifier.look();
  const early = receiver.received.length;
  rig.pass(2);
  await rig.notifier.look();
  await receiver.until(2);

  assert.equal(early, 1);
  assert.deepEqual(titles(receiver), ['motoko: local failed', 'motoko: local failed']);
});

test('a target that is dead, or never answers, holds up nobody else and is seen in the status', async () => {
  await using well = await Receiver.open();
  await using hangs = await Receiver.open();
  hangs.answer = () => {
    // It never says anything.
  };
  const gone = await Receiver.open();
  const deadUrl = gone.url('/hook');
  const deadHost = gone.host;
  await gone[Symbol.asyncDispose]();
  await using rig = await NotifierRig.start({
    notify: [
      { webhook: { secret: 'dead' } },
      { ntfy: { secret: 'hangs' } },
      { webhook: { secret: 'none' } },
      { webhook: { secret: 'well' } },
    ],
    secrets: { dead: deadUrl, hangs: hangs.url('/topic'), well: well.url('/hook') },
    allowed: [deadHost, hangs.host, well.host],
    parts: { patienceMs: 5_000 },
  });

  await rig.fail();
  await well.until(1);
  await rig.untilFailed(3);

  const { notifications = [] } = rig.notifier.statuses();
  assert.deepEqual(
    notifications.map(({ to, state, reason, message }) => [to, state, reason, message]),
    [
      [
        'webhook:dead',
        'failing',
        'NotDelivered',
        'a message for webhook:dead did not arrive: nobody listens there',
      ],
      [
        'ntfy:hangs',
        'failing',
        'NotDelivered',
        'a message for ntfy:hangs did not arrive: it did not answer in time',
      ],
      ['webhook:none', 'failing', 'SecretMissing', 'a message for webhook:none waits: no none'],
      ['webhook:well', 'delivered', undefined, undefined],
    ],
  );
  assert.ok(!JSON.stringify([rig.events, notifications]).includes('127.0.0.1'), 'no address is shown');
});

test('what a server does not take is given up, and the next message goes out', async () => {
  await using receiver = await Receiver.open();
  await using rig = await hooked(receiver);
  receiver.answer = answering(413);
  await rig.fail();
  await rig.untilFailed(1);

  receiver.answer = takeIt;
  await rig.mend();
  rig.pass(10);
  await rig.notifier.look();
  await receiver.until(2);
  await rig.untilDelivered();

  assert.deepEqual(titles(receiver), ['motoko: local failed', 'motoko: local recovered']);
});

test('a redirect leads nowhere, and an address inside is not spoken to unless the host settings name it', async () => {
  await using inside = await Receiver.open();
  await using receiver = await Receiver.open();
  receiver.answer = (response) => response.writeHead(307, { location: inside.url('/') }).end();
  await using rig = await NotifierRig.start({
    notify: [
      { webhook: { secret: 'redirects' } },
      { webhook: { secret: 'inside' } },
      { webhook: { secret: 'named' } },
      { webhook: { secret: 'metadata' } },
    ],
    secrets: {
      redirects: receiver.url('/hook'),
      inside: inside.url('/hook'),
      named: `https://localhost:${inside.port}/`,
      metadata: 'https://169.254.169.254/latest/',
    },
    allowed: [receiver.host],
  });

  await rig.fail();
  await rig.untilFailed(4);

  assert.equal(inside.received.length, 0);
  const { notifications = [] } = rig.notifier.statuses();
  assert.deepEqual(
    notifications.map(({ reason }) => reason),
    ['NotDelivered', 'AddressRefused', 'AddressRefused', 'AddressRefused'],
  );
});

test('a message that nobody took for three days is given up, but not by a clock that cannot be trusted', async () => {
  await using receiver = await Receiver.open();
  let clockFault: { readonly reason: 'ClockJumped'; readonly message: string } | undefined;
  await using rig = await NotifierRig.start({
    notify: WEBHOOK,
    secrets: { hook: receiver.url('/hook') },
    allowed: [receiver.host],
    parts: { clockFault: () => Promise.resolve(clockFault) },
  });
  receiver.answer = answering(500);
  await rig.fail();
  await rig.untilFailed(1);

  clockFault = { reason: 'ClockJumped', message: 'it jumped' };
  rig.pass(4 * 86_400);
  await rig.notifier.look();
  await rig.untilFailed(2);
  clockFault = undefined;
  await rig.untilDelivered();

  assert.equal(receiver.received.length, 2);
  const { notifications = [] } = rig.notifier.statuses();
  assert.match(notifications[0]?.message ?? '', /could not be delivered for three days/);
});

test('when the store takes nothing, news goes out all the same, and is not told again when it does', async () => {
  await using receiver = await Receiver.open();
  await using rig = await hooked(receiver);
  const { store } = rig;
  function full(): Promise<never> {
    return Promise.reject(new Error('disk full'));
  }
  rig.store = new Proxy(store, {
    get: (target, key) =>
      key === 'tell' || key === 'settleMessage'
        ? full
        : (Reflect.get(target, key, target) as (...args: unknown[]) => unknown).bind(target),
  });
  await rig.fail();
  await receiver.until(1);
  rig.store = store;
  await rig.notifier.look();
  await rig.restart();
  await rig.fail();
  await rig.mend();
  await receiver.until(2);

  assert.deepEqual(titles(receiver), ['motoko: local failed', 'motoko: local recovered']);
});

test('a server with a certificate of an authority that the host believes is spoken to, and no other', async () => {
  await using folder = await tempFolder('notify-tls');
  const authority = Authority.make(join(folder.path, 'ours'));
  const stranger = Authority.make(join(folder.path, 'theirs'));
  await using good = await Receiver.open({ tls: authority.issue() });
  await using other = await Receiver.open({ tls: stranger.issue() });
  await using expired = await Receiver.open({ tls: authority.issue({ isExpired: true }) });
  const root = join(folder.path, 'root');
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true });
  await copyFile(authority.caFile, join(root, 'etc/ssl/certs/ca-certificates.crt'));
  await using rig = await NotifierRig.start({
    notify: ['good', 'other', 'expired'].map((secret) => ({ webhook: { secret } })),
    secrets: { good: good.url('/'), other: other.url('/'), expired: expired.url('/') },
    allowed: ['127.0.0.1'],
    parts: { authorities: () => hostAuthorities(root) },
  });

  await rig.fail();
  await good.until(1);
  await rig.untilFailed(2);

  const { notifications = [] } = rig.notifier.statuses();
  assert.deepEqual(
    notifications.map(({ state, message }) => [state, message?.split('arrive: ')[1]]),
    [
      ['delivered', undefined],
      ['failing', 'its certificate is signed by nobody that is trusted'],
      ['failing', 'its certificate has expired'],
    ],
  );
  assert.deepEqual([other.received.length, expired.received.length], [0, 0]);
});

test('a webhook whose key cannot be had gets nothing, rather than something unsigned', async () => {
  await using receiver = await Receiver.open();
  await using rig = await NotifierRig.start({
    notify: [{ webhook: { secret: 'hook' }, signedWith: { secret: 'key' } }],
    secrets: { hook: receiver.url('/hook') },
    allowed: [receiver.host],
  });

  await rig.fail();
  await rig.untilFailed(1);

  assert.equal(receiver.received.length, 0);
});
