import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Receiver, takeIt } from '../notify/receiver.ts';
import { HostRig, STATE_FILES } from '../rig/host-rig.ts';

const FILES = {
  ...STATE_FILES,
  'hosts/motoko/notify.yaml': `notify:
  - { ntfy: { secret: ntfy-topic-url } }
  - { healthchecks: { secret: check-url } }
secrets:
  ntfy-topic-url: { from: env-file, file: credentials, key: NTFY_TOPIC_URL }
  check-url: { from: env-file, file: credentials, key: CHECK_URL }
`,
};

test('a volume that is lost is one message on the phone, its return another, and the check of the host knows of both', async () => {
  await using receiver = await Receiver.open();
  await using rig = HostRig.make({ files: FILES });
  configure(rig, receiver);
  await rig.run();
  await rig.adopt('data', 'vault');
  await rig.untilReady();
  await receiver.until(1, ({ path }) => path === '/ping/uuid/start');
  await receiver.until(1, ({ path }) => path === '/ping/uuid');

  renameSync(join(rig.root, 'data/.anchord-volume'), join(rig.temp, 'sentinel'));
  const [lost] = await receiver.until(1, ({ path }) => path === '/');
  await receiver.until(1, ({ path }) => path === '/ping/uuid/fail');
  renameSync(join(rig.temp, 'sentinel'), join(rig.root, 'data/.anchord-volume'));
  const [, back] = await receiver.until(2, ({ path }) => path === '/');

  const message = JSON.parse(lost?.body ?? '') as Record<string, unknown>;
  assert.equal(message['topic'], 'secret-topic');
  assert.equal(message['title'], 'motoko: volume data cannot be used');
  assert.match(
    String(message['message']),
    /\.anchord-volume is missing.*\nStopped: nightly\.\nSince .*\nNext: /s,
  );
  assert.equal(JSON.parse(back?.body ?? '').title, 'motoko: volume data recovered');
  // The receiver has it before the daemon knows that it has.
  const { notifications } = await rig.until(
    (status) => status.notifications?.every(({ state }) => state === 'delivered') === true,
  );
  assert.deepEqual(
    notifications?.map(({ to, state }) => [to, state]),
    [
      ['ntfy:ntfy-topic-url', 'delivered'],
      ['healthchecks:check-url', 'delivered'],
    ],
  );
  assert.ok(!JSON.stringify(rig.anchord.events).includes('secret-topic'));

  const before = receiver.received.length;
  const doctor = await rig.command('doctor', '--notify', '--json');
  const findings = JSON.parse(doctor.stdout) as readonly {
    readonly level: string;
    readonly message: string;
  }[];
  assert.deepEqual(
    findings.slice(-2).map(({ level, message }) => [level, message]),
    [
      ['good', 'ntfy:ntfy-topic-url took a test message'],
      ['good', 'healthchecks:check-url took a test message'],
    ],
  );
  assert.ok(receiver.received.slice(before).some(({ body }) => body.includes('motoko: a test')));
  assert.ok(receiver.received.slice(before).some(({ path }) => path === '/ping/uuid/log'));
});

test('a message that was recorded when the power went arrives after the next start, with the same id, and once', async () => {
  await using receiver = await Receiver.open();
  await using rig = HostRig.make({ files: FILES });
  configure(rig, receiver);
  receiver.answer = (response) => response.writeHead(500).end();
  await rig.run();
  await rig.adopt('data', 'vault');
  await rig.untilReady();
  renameSync(join(rig.root, 'data/.anchord-volume'), join(rig.temp, 'sentinel'));
  const [first] = await receiver.until(1, ({ path }) => path === '/');

  await rig.anchord.stop('SIGKILL');
  const attempts = receiver.received.length;
  receiver.answer = takeIt;
  await rig.run();
  await rig.until(({ notifications }) => notifications?.[0]?.state === 'delivered');
  await rig.nextRound();

  const ids = receiver.received
    .slice(attempts)
    .filter(({ path }) => path === '/')
    .map(({ body }) => JSON.parse(body).sequence_id as string);
  assert.deepEqual(ids, [JSON.parse(first?.body ?? '').sequence_id]);
});

function configure(rig: HostRig, receiver: Receiver): void {
  mkdirSync(join(rig.root, 'etc'), { recursive: true });
  writeFileSync(
    join(rig.root, 'etc/credentials'),
    `NTFY_TOPIC_URL=${receiver.url('/secret-topic')}\nCHECK_URL=${receiver.url('/ping/uuid')}\n`,
    { mode: 0o600 },
  );
  rig.configure({
    allow: { secrets: { files: { credentials: '/etc/credentials' } }, notify: [receiver.host] },
  });
}
