import assert from 'node:assert/strict';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { test } from 'node:test';
import { connectControl, controlClient, followEvents } from '../../daemon/control/control-client.ts';
import { serveControl } from '../../daemon/control/control-server.ts';
import type { Control } from '../../daemon/control/control.ts';
import { systemClock } from '../../daemon/clock.ts';
import { EventHub } from '../../daemon/event-hub.ts';
import { RecentEvents } from '../../daemon/recent-events.ts';
import type { AnchordEvent } from '../../daemon/events.ts';
import { tempFolder } from '../files/temp-folder.ts';
import { CountingHub } from '../http/page-rig.ts';
import { emptyHistory } from '../page/sample-history.ts';
import { calmStatus } from '../page/sample-status.ts';

test('what is asked over the socket is what the daemon is asked, and its answer comes back whole', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  const asked: string[] = [];
  await using _server = await serveControl(socket, control(asked), telling());
  const client = controlClient(socket);

  assert.equal((await client.status()).status.host, 'motoko');
  assert.deepEqual(await client.runPolicy('a/b?c=%20ü\n'), {
    kind: 'refused',
    reason: 'LockHeld',
    message: 'busy',
  });
  await client.initPolicy('..');
  await client.cancelPolicy('local');
  await client.planPolicy('a/b');
  await client.acceptPolicy('a/b', '../x');
  await client.adoptVolume('flux');
  await client.acceptRewrite('a'.repeat(64));
  await client.apply();
  await client.suspend({ by: 'anna', reason: 'disk\nswap' });
  await client.resume();
  await client.runs('a/b', 7);
  await client.snapshots('a/b', true);
  await client.restore(
    { policy: 'x', snapshot: 'latest', to: '/y\nz', overwrite: false },
    new AbortController().signal,
  );
  assert.deepEqual(asked, [
    'run a/b?c=%20ü\n',
    'init ..',
    'cancel local',
    'plan of a/b',
    'accept ../x of a/b',
    'adopt flux',
    `accept ${'a'.repeat(64)}`,
    'apply the branch',
    'suspend anna disk\nswap',
    'resume',
    'runs a/b 7',
    'snapshots a/b true',
    'restore x /y\nz',
  ]);
});

test('only the daemon’s own user can speak to it', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  await using _server = await serveControl(socket, control([]), telling());

  assert.equal((await stat(socket)).mode & 0o777, 0o600);
});

test('a socket that a killed daemon left behind is replaced', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  await writeFile(socket, 'left over');
  await chmod(socket, 0o666);

  await using _server = await serveControl(socket, control([]), telling());

  assert.ok((await stat(socket)).isSocket());
  assert.notEqual(await connectControl(socket), undefined);
});

test('no daemon is told from one that does not answer rightly', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  assert.equal(await connectControl(socket), undefined, 'no socket');

  await writeFile(socket, '');
  assert.equal(await connectControl(socket), undefined, 'a file');

  const stranger = createServer((connection) => connection.end('hello\n'));
  stranger.listen(join(folder.path, 't'));
  await once(stranger, 'listening');
  await assert.rejects(connectControl(join(folder.path, 't')));
  stranger.close();
});

test('what the daemon throws is answered as a refusal', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  const broken = { ...control([]), adoptVolume: () => Promise.reject(new Error('disk gone')) };
  await using _server = await serveControl(socket, broken, telling());

  assert.deepEqual(await controlClient(socket).adoptVolume('flux'), {
    kind: 'refused',
    reason: 'InternalError',
    message: 'disk gone',
  });
});

test('events are heard while they happen, and the listener is forgotten when it goes', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  const hub = new CountingHub();
  await using _server = await serveControl(socket, control([]), telling(hub));
  const heard = new Promise<AnchordEvent>((resolve) => {
    followEvents(socket, resolve);
  });
  await hub.listening(1);

  hub.emit({ kind: 'daemon.stopping', cause: 'two\n\nline ends' });

  assert.deepEqual(await heard, { kind: 'daemon.stopping', cause: 'two\n\nline ends' });
});

test('who stops following is forgotten', async () => {
  await using folder = await tempFolder('control');
  const socket = join(folder.path, 's');
  const hub = new CountingHub();
  await using _server = await serveControl(socket, control([]), telling(hub));
  const stop = followEvents(socket, () => {});
  await hub.listening(1);

  stop();

  await hub.listening(0);
});

function telling(hub: CountingHub = new CountingHub()): { hub: CountingHub; recent: RecentEvents } {
  return { hub, recent: new RecentEvents(new EventHub(), systemClock) };
}

function control(asked: string[]): Control {
  function note(what: string): { kind: 'refused'; reason: 'LockHeld'; message: string } {
    asked.push(what);
    return { kind: 'refused', reason: 'LockHeld', message: 'busy' };
  }
  return {
    status: async () => ({ status: calmStatus(new Date('2026-11-21T12:00:00Z')), history: emptyHistory() }),
    plan: async () => note('plan'),
    apply: async (candidate) => note(`apply ${candidate?.of ?? 'the branch'}`),
    suspend: async ({ by, reason }) => note(`suspend ${by} ${reason ?? ''}`),
    resume: async () => note('resume'),
    policies: async () => [],
    runs: async (name, limit) => note(`runs ${name} ${limit}`),
    runPolicy: async (name) => note(`run ${name}`),
    cancelPolicy: async (name) => note(`cancel ${name}`),
    initPolicy: async (name) => note(`init ${name}`),
    planPolicy: async (name) => note(`plan of ${name}`),
    acceptPolicy: async (name, id) => note(`accept ${id} of ${name}`),
    snapshots: async (name, all) => note(`snapshots ${name} ${all}`),
    restore: async ({ policy, to }) => note(`restore ${policy} ${to}`),
    volumes: async () => calmStatus(new Date('2026-11-21T12:00:00Z')).volumes,
    adoptVolume: async (name) => note(`adopt ${name}`),
    acceptRewrite: async (revision) => note(`accept ${revision}`),
    testNotifications: async () => note('notifications'),
    verifyAudit: async () => note('audit'),
  };
}
