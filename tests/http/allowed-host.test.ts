import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowedHost, isLoopback } from '../../daemon/http/allowed-host.ts';

const place = { listen: { host: '127.0.0.1', port: 8420 }, hosts: ['nas.home.example', 'MotoKo'] };

test('this machine’s own names are answered, with any port or none', () => {
  const own = ['127.0.0.1', '127.0.0.1:8420', 'localhost', 'LocalHost:1', '[::1]', '[::1]:8420'];
  for (const host of [...own, 'nas.home.example:8420', 'NAS.Home.Example', 'motoko'])
    assert.equal(isAllowedHost({ host }, place), true, host);
});

test('a name that a page on the internet may have pointed here is not', () => {
  const foreign = [
    'evil.example',
    'evil.example:8420',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    'evil.example:8420:8420',
    'localhost:evil',
    'localhost:',
    'localhost.',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '::1',
    '[::1',
    'nas.home.example.evil.example',
    'xnas.home.example',
    '',
    ' localhost',
    '__proto__',
  ];
  for (const host of foreign) assert.equal(isAllowedHost({ host }, place), false, JSON.stringify(host));
  assert.equal(isAllowedHost({}, place), false);
});

test('what a proxy passed on is not from this machine, unless the settings list its name', () => {
  for (const header of [
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
  ]) {
    const forwarded = { [header]: '203.0.113.7' };
    assert.equal(isAllowedHost({ host: '127.0.0.1:8420', ...forwarded }, place), false, header);
    assert.equal(isAllowedHost({ host: 'localhost', ...forwarded }, place), false, header);
    assert.equal(isAllowedHost({ host: 'nas.home.example', ...forwarded }, place), true, header);
  }
});

test('only addresses of this machine are loopback', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
    assert.equal(isLoopback(host), true, host);
  for (const host of [
    '0.0.0.0',
    '::',
    '192.168.1.2',
    '127.0.0.1.example',
    '127.0.0',
    'localhost.example',
    '',
  ])
    assert.equal(isLoopback(host), false, host);
});
