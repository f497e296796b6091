import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stalled } from '../../daemon/errors.ts';
import { socketPath, statePaths } from '../../daemon/settings/state-paths.ts';

test('everything that must survive lies in the state directory, each at a place of its own', () => {
  const { dir, ...places } = statePaths('/var/lib/anchord');

  for (const place of Object.values(places)) assert.ok(place.startsWith(`${dir}/`), place);
  assert.equal(new Set(Object.values(places)).size, Object.values(places).length);
});

test('the socket is in the state directory as long as its path is short enough', () => {
  const longest = `/${'d'.repeat(100 - '//anchord.sock'.length)}`;

  assert.equal(socketPath('/var/lib/anchord', undefined), '/var/lib/anchord/anchord.sock');
  assert.equal(Buffer.byteLength(socketPath(longest, undefined)), 100);
});

test('bytes count, not letters', () => {
  assert.throws(() => socketPath(`/${'ü'.repeat(50)}`, undefined), Stalled);
});

test('a path that is too long moves to the runtime directory, at a place that is its own', () => {
  const long = `/${'d'.repeat(120)}`;
  const one = socketPath(long, '/run/user/1000');

  assert.match(one, /^\/run\/user\/1000\/anchord-[0-9a-f]{16}\.sock$/);
  assert.equal(socketPath(long, '/run/user/1000'), one);
  assert.notEqual(socketPath(`${long}e`, '/run/user/1000'), one);
});

test('with no short place at all the reason is said, because the system would cut the path off silently', () => {
  const long = `/${'d'.repeat(120)}`;

  for (const runtime of [undefined, `/${'r'.repeat(100)}`])
    assert.throws(() => socketPath(long, runtime), { name: 'Stalled', message: /longer than 100 bytes/ });
});
