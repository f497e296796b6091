import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceEnvironment } from '../../daemon/systemd/service-environment.ts';

test('without NOTIFY_SOCKET nobody wants to hear', () => {
  assert.equal(serviceEnvironment({}, 7), undefined);
  assert.equal(serviceEnvironment({ NOTIFY_SOCKET: '', WATCHDOG_USEC: '1000000' }, 7), undefined);
});

test('the time of the watchdog is in microseconds, and only for the process it names', () => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '120000000' };

  assert.deepEqual(serviceEnvironment(env, 7), { socket: '/run/n', watchdogMs: 120_000 });
  assert.deepEqual(serviceEnvironment({ ...env, WATCHDOG_PID: '7' }, 7), {
    socket: '/run/n',
    watchdogMs: 120_000,
  });
  assert.deepEqual(serviceEnvironment({ ...env, WATCHDOG_PID: '8' }, 7), { socket: '/run/n' });
});

test('a time that is none is no watchdog', () => {
  for (const usec of [undefined, '', '0', '-1', 'soon', 'Infinity'])
    assert.deepEqual(serviceEnvironment({ NOTIFY_SOCKET: '@n', WATCHDOG_USEC: usec }, 7), { socket: '@n' });
});
