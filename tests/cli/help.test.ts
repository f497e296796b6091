import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchord } from '../rig/anchord-command.ts';
import { commandList } from '../rig/command-list.ts';

const COMMANDS = commandList().flatMap((name) => {
  const below = name === 'policy' || name === 'volume' ? commandList(name) : [];
  return [[name], ...below.map((child) => [name, child])];
});

test('every command has help with an example of its own and its exit codes, for a terminal of 80 columns', () => {
  for (const command of COMMANDS) {
    const { code, stdout } = anchord([...command, '--help']);
    const name = ['anchord', ...command].join(' ');

    assert.equal(code, 0, name);
    assert.match(stdout, new RegExp(`^Examples?:(\\n  .*)*\\n  ${name}`, 'm'), name);
    assert.match(stdout, /^Exit codes:\n {2}0 {2}done\n {2}1 {2}failed\n {2}2 {2}wrong usage\n/m, name);
    const tooLong = stdout.split('\n').filter((line) => line.length > 80);
    assert.deepEqual(tooLong, [], name);
  }
});

test('wrong usage is told in one line with a way out, and exits 2', () => {
  const wrong: readonly (readonly string[])[] = [
    ['validat'],
    ['validate'],
    ['policy', 'frob'],
    ['status', '--config', 'a', '--dir', 'b'],
    ['run', '--log', 'xml'],
    ['demo', '--log', 'xml'],
    ['demo', '--listen', 'foo'],
    ['demo', '--listen', 'localhost:99999'],
  ];

  for (const args of wrong) {
    const { code, stdout, stderr } = anchord(args);

    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, /^error: .+\n(.+\n)?\(add --help for what it takes\)\n$/, args.join(' '));
  }
});
