import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeClock, type ClockFacts } from '../../daemon/clock-trust/judge-clock.ts';

const HOUR = 60 * 60_000;
const FACTS: ClockFacts = {
  now: new Date('2026-11-21T12:00:00Z'),
  synchronised: undefined,
  sinceJumpMs: undefined,
  steadyMs: HOUR,
  newestRecord: '2026-11-21T11:59:00Z',
};

const CASES: readonly (readonly [string, Partial<ClockFacts>, string | undefined])[] = [
  ['nothing speaks against it', {}, undefined],
  ['a time server keeps it in step', { synchronised: true }, undefined],
  ['no time server keeps it in step', { synchronised: false }, 'ClockUnsynchronised'],
  ['it has just jumped', { sinceJumpMs: 1 }, 'ClockJumped'],
  ['it jumped a day ago', { sinceJumpMs: 24 * HOUR }, undefined],
  ['it jumped because a time server put it right', { sinceJumpMs: 1, synchronised: true }, undefined],
  ['NTP moved it back by seconds', { newestRecord: '2026-11-21T12:00:30Z' }, undefined],
  ['a record is newer', { newestRecord: '2026-11-21T12:02:00Z' }, 'ClockBehind'],
  [
    'a record is newer, says a time server, too',
    { newestRecord: '2027-01-01T00:00:00Z', synchronised: true },
    'ClockBehind',
  ],
  [
    'a time server has vouched for it for a day, whatever was recorded once',
    { newestRecord: '2027-01-01T00:00:00Z', synchronised: true, steadyMs: 24 * HOUR },
    undefined,
  ],
  ['nothing was recorded yet', { newestRecord: undefined }, undefined],
];

for (const [what, change, reason] of CASES) {
  test(`the clock is ${reason === undefined ? '' : 'not '}trusted when ${what}`, () => {
    const fault = judgeClock({ ...FACTS, ...change });

    assert.equal(fault?.reason, reason);
    if (fault !== undefined)
      assert.match(`${fault.message} ${fault.next}`, /nothing is deleted by age.*timedatectl/);
  });
}
