import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnchordEvent } from '../../daemon/events.ts';
import { Tally, type LookCause } from '../../daemon/metrics/tally.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const FAULT = { reason: 'FetchFailed', message: '' } as const;

function ended(isNew: boolean): AnchordEvent {
  return { kind: 'look.ended', revision: 'a', isNew };
}

function started(cause: LookCause): AnchordEvent {
  return { kind: 'look.started', cause };
}

const looks: Readonly<Record<string, readonly [readonly AnchordEvent[], string | undefined]>> = {
  'found what is known': [[started('interval'), ended(false)], 'interval unchanged'],
  'found what was then trusted': [
    [started('watch'), ended(true), { kind: 'revision.trusted', revision: 'a' }],
    'watch accepted',
  ],
  'found what was rejected': [
    [
      started('webhook'),
      ended(true),
      { kind: 'revision.rejected', revision: 'a', fault: FAULT, problems: [] },
    ],
    'webhook rejected',
  ],
  'found again what was rejected before': [[started('interval'), ended(true)], 'interval rejected'],
  'got no answer': [[started('start'), { kind: 'look.failed', fault: FAULT }], 'start failed'],
  'got an answer and could not fetch': [
    [started('retry'), ended(true), { kind: 'look.failed', fault: FAULT }],
    'retry failed',
  ],
  'was cut short without a word': [[started('person')], 'person failed'],
  'did not happen in this round': [[], undefined],
};

for (const [what, [events, expected]] of Object.entries(looks)) {
  test(`a look that ${what} is counted once, when its round ends`, () => {
    const tally = new Tally({ now: () => NOW });

    for (const event of events) tally.take(event);
    assert.equal(tally.counts.looks.size, 0);
    tally.roundEnded(1500);
    tally.roundEnded(500);

    assert.deepEqual([...tally.counts.looks], expected === undefined ? [] : [[expected, 1]]);
    assert.deepEqual([tally.counts.rounds, tally.counts.roundSeconds], [2, 2]);
    assert.equal(tally.counts.lastRoundSeconds, 0.5);
  });
}

test('only an answer of the remote moves the time of the last answer', () => {
  const tally = new Tally({ now: () => NOW });

  tally.take(started('start'));
  tally.take({ kind: 'look.failed', fault: FAULT });
  assert.equal(tally.counts.lastAnswerAt, undefined);
  tally.take(ended(false));

  assert.equal(tally.counts.lastAnswerAt, NOW.toISOString());
});
