import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnchordEvent } from '../../daemon/events.ts';
import { ServiceManager, type ServiceManagerParts } from '../../daemon/systemd/service-manager.ts';
import { NotifySocket } from './notify-socket.ts';

const WATCHDOG_MS = 200;

function managerOver(parts: Partial<ServiceManagerParts>): {
  readonly manager: ServiceManager;
  readonly events: AnchordEvent[];
} {
  const events: AnchordEvent[] = [];
  const manager = new ServiceManager({
    service: undefined,
    path: process.env['PATH'] ?? '',
    stuck: () => undefined,
    emit: (event) => events.push(event),
    ...parts,
  });
  return { manager, events };
}

test('what is said arrives in order, each line once, and never more than a line', async () => {
  await using socket = await NotifySocket.open();
  const { manager } = managerOver({ service: { socket: socket.path } });
  await using _ = manager;

  void manager.ready();
  void manager.status('All is well.');
  void manager.status('All is well.');
  void manager.status('two\nlines\u2028and\u0085more READY=1');
  await manager.stopping();
  await socket.hears(/^STOPPING=1$/);

  assert.deepEqual(socket.heard, [
    'READY=1',
    'STATUS=All is well.',
    'STATUS=two lines and more READY=1',
    'STOPPING=1',
  ]);
});

test('the watchdog is fed while there is progress, and not a beat longer', async () => {
  await using socket = await NotifySocket.open();
  let stuck: string | undefined;
  const service = { socket: socket.path, watchdogMs: WATCHDOG_MS };
  const { manager, events } = managerOver({ service, stuck: () => stuck });
  await using _ = manager;

  await manager.ready();
  await socket.hears(/WATCHDOG=1/, 4);
  stuck = 'a round has not ended for 60 minutes';
  // The message that closes the line: what was under way has been heard.
  await manager.status('the last beat was before this');
  await socket.hears(/last beat/);
  const beats = socket.heard.length;
  await manager.status('one');
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (events.length === 0) return;
      clearInterval(look);
      resolve();
    }, WATCHDOG_MS);
  });
  await manager.status('two');
  await socket.hears(/two/);

  assert.deepEqual(socket.heard.slice(beats), ['STATUS=one', 'STATUS=two']);
  assert.deepEqual(events, [{ kind: 'daemon.stuck', message: stuck }]);
  stuck = undefined;
  await socket.hears(/^WATCHDOG=1$/, 2, beats);
});

test('without systemd-notify a warning says what will come of it, once', async () => {
  const service = { socket: '/nonexistent/notify', watchdogMs: WATCHDOG_MS };
  const { manager, events } = managerOver({ service, path: '/nonexistent' });
  await using _ = manager;

  await manager.ready();
  await manager.status('one');
  await manager.stopping();

  assert.equal(events.length, 1);
  const [event] = events;
  assert.ok(event?.kind === 'service.unheard');
  assert.match(event.message, /systemd-notify is not installed/);
});

test('a service manager that does not listen is a warning, too, and nothing is thrown', async () => {
  const { manager, events } = managerOver({ service: { socket: '/nonexistent/notify' } });
  await using _ = manager;

  await manager.ready();

  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['service.unheard'],
  );
});

test('who was not started as a notifying service says nothing', async () => {
  const { manager, events } = managerOver({ path: '/nonexistent' });
  await using _ = manager;

  await manager.ready();
  await manager.status('one');
  await manager.stopping();

  assert.deepEqual(events, []);
});
