import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHostState, type HostStateResult } from '../../../state-schema/parse/parse-host-state.ts';
import { entriesOf, exampleFiles, type Files } from '../state-files.ts';

const SEED = 20261121;

/** Numbers from 0 up to 1, the same in every run (mulberry32), so that a failure can be repeated. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function assertWellTold(result: HostStateResult, files: Files): void {
  if (result.ok) return;
  assert.ok(result.problems.length > 0);
  for (const { file, line, column, message } of result.problems) {
    const bytes = files[file];
    const lines =
      bytes === undefined
        ? 1
        : Buffer.from(bytes as Uint8Array)
            .toString('utf8')
            .split('\n').length;
    assert.ok(line >= 1 && line <= lines, `${file}:${line} of ${lines}`);
    assert.ok(column >= 1);
    assert.match(message, /\S/);
    assert.doesNotMatch(message, /\p{Cc}/u);
  }
}

test('random bytes never throw, and every refusal has a place', () => {
  const random = chance(SEED);
  for (let round = 0; round < 150; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256));
    const files = { 'hosts/motoko/a.yaml': bytes };

    assertWellTold(parseHostState({ host: 'motoko', entries: entriesOf(files) }), files);
  }
});

test('random YAML characters never throw, and every refusal has a place', () => {
  const random = chance(SEED + 1);
  const alphabet = 'ab:- \n\t{}[],&*!|>\'"#%?<~0.\\é';
  for (let round = 0; round < 300; round++) {
    const text = Array.from(
      { length: Math.floor(random() * 120) },
      () => alphabet[Math.floor(random() * alphabet.length)],
    ).join('');
    const files = { 'hosts/motoko/a.yaml': new TextEncoder().encode(text) };

    assertWellTold(parseHostState({ host: 'motoko', entries: entriesOf(files) }), files);
  }
});

test('a damaged example never throws, and every refusal has a place', () => {
  const random = chance(SEED + 2);
  const example = exampleFiles();
  const names = Object.keys(example);
  for (let round = 0; round < 120; round++) {
    const name = names[Math.floor(random() * names.length)] ?? '';
    const files = { ...example, [name]: damage(example[name] ?? new Uint8Array(), random) };

    assertWellTold(parseHostState({ host: 'motoko', entries: entriesOf(files) }), files);
  }
});

function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const line = Math.floor(random() * lines.length);
  const kind = Math.floor(random() * 5);
  if (kind === 0) lines.splice(line, 1);
  if (kind === 1) lines.splice(line, 0, lines[Math.floor(random() * lines.length)] ?? '');
  if (kind === 2) lines[line] = (lines[line] ?? '').replace(/^ {2}/, '');
  if (kind === 3)
    lines[line] = (lines[line] ?? '').replace(
      /:.*/,
      `: ${['null', '[]', '{}', '7', 'true', '"../.."', '-1'][Math.floor(random() * 7)]}`,
    );
  const text = Buffer.from(lines.join('\n'));
  if (kind === 4) text[Math.floor(random() * text.length)] = Math.floor(random() * 256);
  return new Uint8Array(text);
}
