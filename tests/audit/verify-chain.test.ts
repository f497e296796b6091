import assert from 'node:assert/strict';
import test from 'node:test';
import { appendLine, appendLines, EMPTY_CHAIN, lineHash } from '../../daemon/audit/chain.ts';
import { firstBase } from '../../daemon/audit/first-base.ts';
import type { ChainVerdict } from '../../daemon/audit/verdict.ts';
import { verifyChain, type Segment } from '../../daemon/audit/verify-chain.ts';
import { chainOf, edited, segmentsOf } from './chain-files.ts';

const { segments, head, lines } = chainOf(3, 4);
const [first, second, third] = segments;

test('a chain as it was written is right, and ends at its head', () => {
  const verdict = look(segments);

  assert.deepEqual(verdict, { kind: 'ok', head, lines: 12, segments: 3 });
});

test('an edited line is found at that line', () => {
  const verdict = look([swap(first, 1, (line) => line.replace('v0.1', 'v0.9')), second, third]);

  assert.deepEqual(placeOf(verdict), ['edited', '2026/11/21', 2]);
});

test('an edited last line is found by the head alone', () => {
  const verdict = look([first, second, swap(third, 3, (line) => line.replace('v2.3', 'v2.9'))]);

  assert.deepEqual(placeOf(verdict), ['edited', '2026/11/23', 4]);
});

test('two lines that changed places are found', () => {
  const verdict = look([first, edited(second, ([a = '', b = '', ...rest]) => [b, a, ...rest]), third]);

  assert.deepEqual(placeOf(verdict), ['reordered', '2026/11/22', 1]);
});

test('a missing line is found where it is missing', () => {
  const verdict = look([first, edited(second, (all) => all.toSpliced(1, 1)), third]);

  assert.deepEqual(placeOf(verdict), ['gap', '2026/11/22', 2]);
});

test('a missing file in the middle is found at the next one', () => {
  const verdict = look([first, third]);

  assert.deepEqual(placeOf(verdict), ['gap', '2026/11/23', 1]);
});

test('a missing first file is found', () => {
  const verdict = look([second, third]);

  assert.deepEqual(placeOf(verdict), ['gap', '2026/11/22', 1]);
});

test('a chain without its last lines, its last file or the end of its last line is too short', () => {
  const cut = third?.bytes.subarray(0, -3) ?? new Uint8Array();
  const [shorter, gone, torn, nothing] = [
    look([first, second, edited(third, (all) => all.slice(0, 2))]),
    look([first, second]),
    look([first, second, { day: '2026/11/23', bytes: cut }]),
    look([]),
  ];

  assert.deepEqual(placeOf(shorter), ['truncated', '2026/11/23', 2]);
  assert.deepEqual(placeOf(gone), ['truncated', '2026/11/22', 4]);
  assert.deepEqual(placeOf(torn), ['truncated', '2026/11/23', 4]);
  assert.deepEqual(placeOf(nothing), ['truncated', '', 0]);
});

test('a line that was put in is found, however well it is linked', () => {
  const forged = appendLine(
    lines[4]?.head ?? EMPTY_CHAIN,
    fact('forged'),
    new Date(Date.UTC(2026, 10, 22, 12)),
  );
  const verdict = look([first, edited(second, (all) => all.toSpliced(1, 0, forged.text)), third]);

  assert.deepEqual(placeOf(verdict), ['inserted', '2026/11/22', 3]);
});

test('lines behind the head are found', () => {
  const more = appendLine(head, fact('more'), new Date(Date.UTC(2026, 10, 23, 13)));
  const verdict = look([first, second, edited(third, (all) => [...all, more.text])]);

  assert.deepEqual(placeOf(verdict), ['extra', '2026/11/23', 5]);
});

test('a chain computed anew from end to end is found by the head alone', () => {
  const anew = appendLines(
    EMPTY_CHAIN,
    Array.from({ length: 12 }, () => fact('anew')),
    new Date(0),
  );

  assert.equal(verifyChain(segmentsOf(anew), { base: EMPTY_CHAIN }).kind, 'ok');
  assert.equal(verifyChain(segmentsOf(anew), { base: EMPTY_CHAIN, head }).kind, 'edited');
});

test('a file under the name of another day is found', () => {
  const verdict = look([first, second, { day: '2026/11/24', bytes: third?.bytes ?? new Uint8Array() }]);

  assert.deepEqual(placeOf(verdict), ['wrong-segment', '2026/11/24', 1]);
});

test('a file of another chain is found at its first line', () => {
  const other = chainOf(1, 4);
  const next = appendLine(
    { ...(other.lines[3]?.head ?? EMPTY_CHAIN), hash: 'f'.repeat(64) },
    fact('x'),
    new Date(Date.UTC(2026, 10, 22)),
  );
  const verdict = look([first, ...segmentsOf([next])]);

  assert.deepEqual(placeOf(verdict), ['wrong-link', '2026/11/22', 1]);
});

test('what is no canonical line is malformed', () => {
  const line = lines[5]?.text ?? '';
  const bad = [
    '{}',
    'no JSON',
    '',
    '['.repeat(60_000),
    line.replace('{"facts"', '{ "facts"'),
    line.replace('"seq":6', '"seq":6.0'),
    line.replace('"seq":6', '"seq":6,"seq":6'),
    line.replace('v1.1', String.raw`v1\u002e1`),
    line.replace('"seq":6', '"more":1,"seq":6'),
    `${line}\r`,
  ];

  for (const text of bad) {
    const verdict = look([first, edited(second, (all) => all.toSpliced(1, 1, text)), third]);
    assert.deepEqual(placeOf(verdict), ['malformed', '2026/11/22', 2], text.slice(0, 60));
  }
});

test('bytes that are no UTF-8 are malformed', () => {
  const bytes = Buffer.from(first?.bytes ?? []);
  bytes[12] = 0xff;

  assert.deepEqual(placeOf(look([{ day: '2026/11/21', bytes }, second, third])), [
    'malformed',
    '2026/11/21',
    1,
  ]);
});

test('a chain whose oldest files were given up is right from there on, and says so of itself', () => {
  const base = firstBase([second, third].filter((one) => one !== undefined));

  assert.equal(base.seq, 4);
  assert.equal(base.hash, lines[3]?.head.hash);
  assert.equal(
    verifyChain(
      [second, third].filter((one) => one !== undefined),
      { base, head },
    ).kind,
    'ok',
  );
});

test('a clock that was set back goes on in the newest file', () => {
  const before = appendLine(EMPTY_CHAIN, fact('now'), new Date('2026-11-21T23:59:59Z'));
  const after = appendLine(before.head, fact('back'), new Date('1970-01-01T00:00:00Z'));
  const later = appendLine(after.head, fact('right'), new Date('2026-11-22T00:00:00Z'));

  assert.deepEqual([after.head.segment, later.head.segment], ['2026/11/21', '2026/11/22']);
  assert.equal(after.head.bytes, before.text.length + after.text.length + 2);
  assert.equal(
    verifyChain(segmentsOf([before, after, later]), { base: EMPTY_CHAIN, head: later.head }).kind,
    'ok',
  );
});

test('a line is canonical: sorted keys, no white space, names with newlines escaped, bounded', () => {
  const time = new Date('2026-11-21T03:00:00.999Z');
  const line = appendLine(
    EMPTY_CHAIN,
    { kind: 'command', facts: { b: 'x\n"\ud800é', a: [true, -0], c: undefined } },
    time,
  );
  const long = appendLine(EMPTY_CHAIN, { kind: 'command', facts: { text: 'é'.repeat(10_000) } }, time);
  const many = Array.from({ length: 500 }, () => 'é'.repeat(400));
  const huge = appendLine(EMPTY_CHAIN, { kind: 'command', facts: { many } }, time);

  assert.equal(
    line.text,
    `{"facts":{"a":[true,0],"b":"x\\n\\"\ufffdé"},"kind":"command","prev":"${'0'.repeat(64)}","seq":1,"time":"2026-11-21T03:00:00Z"}`,
  );
  assert.equal(line.head.hash, lineHash(line.text));
  assert.ok(long.text.length < 1_000);
  assert.match(huge.text, /^\{"facts":\{"omittedBytes":\d+\},/);
  for (const one of [line, long, huge])
    assert.equal(verifyChain(segmentsOf([one]), { base: EMPTY_CHAIN, head: one.head }).kind, 'ok');
});

function look(files: readonly (Segment | undefined)[]): ChainVerdict {
  return verifyChain(
    files.filter((file) => file !== undefined),
    { base: EMPTY_CHAIN, head },
  );
}

function placeOf(verdict: ChainVerdict): readonly unknown[] {
  return verdict.kind === 'ok' ? ['ok'] : [verdict.kind, verdict.at.segment, verdict.at.line];
}

function swap(segment: Segment | undefined, index: number, change: (line: string) => string): Segment {
  return edited(segment, (all) => all.map((line, at) => (at === index ? change(line) : line)));
}

function fact(volume: string): {
  readonly kind: 'guard.passed';
  readonly facts: { readonly volume: string };
} {
  return { kind: 'guard.passed', facts: { volume } };
}
