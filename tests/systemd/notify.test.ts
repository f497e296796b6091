import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { mkdirSync, symlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostRig } from '../rig/host-rig.ts';
import { NotifySocket } from './notify-socket.ts';
import { ask } from '../rig/ask.ts';

test('the daemon is ready when its first round has ended, says how it is, beats, and says that it ends', async () => {
  await using socket = await NotifySocket.open();
  await using rig = HostRig.make();
  // A remote that keeps the first round waiting for as long as the test likes.
  const held: ServerResponse[] = [];
  const remote = createServer((_, response) => held.push(response)).listen(0, '127.0.0.1');
  await once(remote, 'listening');
  const { port } = remote.address() as AddressInfo;
  rig.configure({ repository: { url: `http://127.0.0.1:${port}/state.git`, interval: '1s' } });

  const anchord = rig.begin({ NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '1000000' });
  await once(remote, 'request');
  const { url } = await anchord.event('daemon.listening');
  const before = await ask(new URL('healthz/ready', url));
  assert.deepEqual([before.status, socket.heard], [503, []]);
  remote.on('request', (_, response: ServerResponse) => response.writeHead(503).end());
  for (const response of held) response.writeHead(503).end();
  await socket.hears(/^READY=1 \| WATCHDOG=1$/);
  await socket.hears(/^STATUS=./);
  await socket.hears(/^WATCHDOG=1$/, 3);
  const after = await ask(new URL('healthz/ready', url));
  const { code } = await anchord.stop('SIGTERM');
  await socket.hears(/^STOPPING=1$/);
  remote.closeAllConnections();
  remote.close();

  assert.equal(after.status, 200);
  assert.equal(code, 0);
  assert.equal(socket.heard.filter((line) => line.includes('READY=1')).length, 1);
});

test('a daemon whose systemd-notify is missing warns, and works', async () => {
  await using rig = HostRig.make();
  const programs = join(rig.temp, 'programs');
  mkdirSync(programs);
  for (const program of ['git', 'sh', 'flock', 'prlimit', 'setpriv', 'env'])
    symlinkSync(join('/usr/bin', program), join(programs, program));

  const anchord = rig.begin({ PATH: programs, NOTIFY_SOCKET: '/nonexistent/notify' });
  const warning = await anchord.event('service.unheard');

  assert.match(warning.message, /systemd-notify is not installed/);
  await anchord.event('look.ended');
});
