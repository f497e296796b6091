import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HttpGitServer } from '../git/http-git-server.ts';
import { HostRig } from '../rig/host-rig.ts';

const SECRET = 'correct-horse-battery-staple';
const MAIN = '{"ref":"refs/heads/main"}';
const FLOOD = 500;
const AT_ONCE = 20;

interface DeafHost extends AsyncDisposable {
  readonly rig: HostRig;
  readonly upstream: HttpGitServer;
}

/** A daemon that does not look by itself for a day: its upstream cannot be watched. */
async function deafHost(): Promise<DeafHost> {
  const rig = HostRig.make();
  const upstream = await HttpGitServer.start(join(rig.temp, 'git'));
  const webhookSecret = join(rig.temp, 'hook-secret');
  writeFileSync(webhookSecret, `${SECRET}\n`, { mode: 0o600 });
  rig.configure({ repository: { url: upstream.url('upstream.git'), interval: '1d', webhookSecret } });
  return {
    rig,
    upstream,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

async function untilReady(rig: HostRig): Promise<void> {
  await rig.run();
  await rig.adopt('data', 'vault');
  await rig.untilReady();
}

async function call(rig: HostRig, headers: Record<string, string>): Promise<number> {
  const { url } = await rig.anchord.event('daemon.listening');
  const asked = await fetch(new URL('hooks/push', url), {
    method: 'POST',
    body: MAIN,
    // A kept connection may have been let go while this thread ran git.
    headers: { ...headers, connection: 'close' },
  });
  await asked.arrayBuffer();
  return asked.status;
}

function right(): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(MAIN).digest('hex')}` };
}

function looksByHook(rig: HostRig): number {
  return rig.anchord.events.filter((event) => event.kind === 'look.started' && event.cause === 'webhook')
    .length;
}

test('a push becomes so when its forge tells of it, and not before', async () => {
  await using host = await deafHost();
  const { rig } = host;
  await untilReady(rig);

  const revision = rig.clone().push({
    'hosts/motoko/directories.yaml': 'directories:\n  /data/told: { mode: "0755" }\n',
  });
  assert.equal(await call(rig, { 'x-hub-signature-256': 'sha256=00' }), 401);
  assert.equal(await call(rig, right()), 202);

  await rig.anchord.event('revision.trusted', (event) => event.revision === revision);
  await rig.untilReady(revision);
  // None where the look that an adoption asked for had not begun: both become one.
  assert.ok(looksByHook(rig) <= 1, `${looksByHook(rig)} looks`);
});

test('five hundred calls are all answered, and become a few looks, one after the other', async () => {
  await using host = await deafHost();
  const { rig } = host;
  await untilReady(rig);
  const began = performance.now();

  const statuses: number[] = [];
  for (let sent = 0; sent < FLOOD; sent += AT_ONCE)
    statuses.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => call(rig, right())))));
  const seconds = (performance.now() - began) / 1000;
  // Whatever still waits comes before a push that is told of now.
  const revision = rig.clone().push({ 'hosts/motoko/more.yaml': 'directories:\n  /data/more: {}\n' });
  assert.equal(await call(rig, right()), 202);
  await rig.untilReady(revision);

  assert.deepEqual([statuses.length, [...new Set(statuses)]], [FLOOD, [202]]);
  assert.ok(looksByHook(rig) <= seconds + 4, `${looksByHook(rig)} looks in ${seconds} s`);
  assert.ok(!JSON.stringify(rig.anchord.events).includes(SECRET));
});

test('a daemon whose secret anybody can read does not start, and says what mends it', async () => {
  await using rig = HostRig.make();
  writeFileSync(join(rig.temp, 'open-secret'), SECRET, { mode: 0o644 });
  rig.configure({ repository: { url: rig.upstream, webhookSecret: join(rig.temp, 'open-secret') } });

  const { code, stderr } = await rig.command('run');

  assert.equal(code, 1);
  assert.match(
    stderr,
    /repository\.webhookSecret: .*open-secret has mode 0644: others than its owner can read/,
  );
  assert.match(stderr, /chmod 0600/);
  assert.ok(!stderr.includes(SECRET));
});
