import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { anchord } from '../rig/anchord-command.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/recovery.md', import.meta.url)), 'utf8');

test('every command of docs/recovery.md exists, with the options it is given there', () => {
  const lines = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  const used = new Map<string, Set<string>>();
  for (const line of lines) {
    const words = line.split(' ');
    if (words[0] !== 'anchord') continue;
    const isPair = words[1] === 'policy' || words[1] === 'volume';
    const command = words.slice(1, isPair ? 3 : 2).join(' ');
    const known = used.get(command) ?? new Set<string>();
    for (const word of words) if (word.startsWith('--')) known.add(word);
    used.set(command, known);
  }

  assert.ok(used.size > 5);
  for (const [command, flags] of used) {
    const { code, stdout } = anchord([...command.split(' '), '--help']);

    assert.equal(code, 0, command);
    for (const flag of flags) assert.ok(stdout.includes(`  ${flag}`), `${command} ${flag}`);
  }
});
