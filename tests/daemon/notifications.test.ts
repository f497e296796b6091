import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Receiver } from '../notify/receiver.ts';
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
  mkdirSync(join(rig.root, 'etc'), { recursive: true });
  writeFileSync(
    join(rig.temp, 'root/etc/credentials'),
    `NTFY_TOPIC_URL=${receiver.url('/secret-topic')}\nCHECK_URL=${receiver.url('/ping/uuid')}\n`,
    { mode: 0o600 },
  );
  rig.configure({
    allow: { secrets: { files: { credentials: '/etc/credentials' } }, notify: [receiver.host] },
  });
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
  const { notifications } = await rig.status();
  assert.deepEqual(
    notifications?.map(({ to, state }) => [to, state]),
    [
      ['ntfy:ntfy-topic-url', 'delivered'],
      ['healthchecks:check-url', 'delivered'],
    ],
  );
  assert.ok(!JSON.stringify(rig.anchord.events).includes('secret-topic'));
});
