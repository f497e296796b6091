import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeNews, NEWS_LIMITS, type NewsAnswer } from '../../daemon/notify/judge-news.ts';
import { NOTHING_TOLD, parseTold, type Told } from '../../daemon/notify/told.ts';
import type { Standing, Trouble } from '../../daemon/notify/trouble.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

/** What was told, minute by minute. */
class Host {
  told: Told = NOTHING_TOLD;
  #minute = 0;

  /** Looks once a minute; gives what was told, as `event subject`. */
  pass(minutes: number, ...standings: readonly Standing[]): readonly string[] {
    const news: string[] = [];
    for (let left = minutes; left > 0; left--) {
      this.#minute++;
      news.push(...this.look(standings).news.map(({ event, trouble }) => `${event} ${trouble.subject}`));
    }
    return news;
  }

  look(standings: readonly Standing[], now = new Date(START + this.#minute * MINUTE)): NewsAnswer {
    const answer = judgeNews({ told: this.told, standings, now, limits: NEWS_LIMITS });
    // As it comes back from the store after a restart.
    this.told = parseTold(JSON.stringify(answer.told));
    return answer;
  }
}

function failed(subject: string, change: Partial<Trouble> = {}): Standing {
  const trouble: Trouble = {
    subject,
    event: 'failed',
    reason: 'BackupFailed',
    message: 'it broke',
    policies: [subject],
    patienceMs: 0,
    ...change,
  };
  return { kind: 'trouble', subject, trouble };
}

function well(subject: string): Standing {
  return { kind: 'well', subject };
}

test('what fails is told once, however long it lasts, and once that it is over', () => {
  const host = new Host();

  const during = host.pass(600, failed('a'));
  const after = host.pass(600, well('a'));

  assert.deepEqual([during, after], [['failed a'], ['recovered a']]);
  assert.deepEqual(host.told.subjects, {}, 'nothing is remembered for ever');
});

test('what fails within a minute of each other is told at once, and what is over again before that not at all', () => {
  const host = new Host();

  host.pass(1, failed('a'), well('b'), well('c'));
  host.pass(1, failed('a'), failed('b'), failed('c'));
  const answer = host.look([failed('a'), failed('b'), well('c')], new Date(START + 3 * MINUTE));

  assert.deepEqual(
    answer.news.map(({ trouble }) => trouble.subject),
    ['a', 'b'],
  );
  assert.deepEqual(host.pass(60, failed('a'), failed('b'), well('c')), []);
});

test('what may mend itself is told when it has lasted, and what cannot be judged for now changes nothing', () => {
  const host = new Host();
  const slow = failed('a', { patienceMs: 60 * MINUTE });

  assert.deepEqual(host.pass(50, slow), []);
  assert.deepEqual(host.pass(1, well('a')), []);
  assert.deepEqual(host.pass(60, slow), []);
  assert.deepEqual(host.pass(3, slow), ['failed a']);
  assert.deepEqual(host.pass(600, { kind: 'unclear', subject: 'a' }), []);
  assert.deepEqual(host.pass(3, slow), []);
  assert.deepEqual(host.pass(3, well('a')), ['recovered a']);
});

test('what is not there any more is forgotten without a word', () => {
  const host = new Host();

  host.pass(3, failed('a'));

  assert.deepEqual(host.pass(60, well('b')), []);
  assert.deepEqual(host.told.subjects, {});
});

test('a failure that becomes another kind of trouble is told anew', () => {
  const host = new Host();

  host.pass(3, failed('a'));

  assert.deepEqual(host.pass(3, failed('a', { event: 'overdue' })), ['overdue a']);
  assert.deepEqual(host.pass(3, well('a')), ['recovered a']);
});

test('what comes and goes is told four times in an hour and then when it is steady', () => {
  const host = new Host();
  const told: string[] = [];

  for (let i = 0; i < 30; i++) {
    told.push(...host.pass(3, failed('a')));
    told.push(...host.pass(3, well('a')));
  }
  const flapping = told.length;
  const steady = host.pass(120, failed('a'));

  assert.deepEqual(told.slice(0, 4), ['failed a', 'recovered a', 'failed a', 'recovered a']);
  assert.ok(flapping <= 12, `${flapping} messages in three hours`);
  assert.deepEqual(steady.slice(-1), ['failed a']);
});

test('a storm of failures is six messages an hour, the rest together, and nothing of it is lost', () => {
  const host = new Host();
  const tellings: number[] = [];
  const standings: Standing[] = [];

  for (let minute = 1; minute <= 240; minute++) {
    if (minute <= 120) standings.push(failed(`policy ${minute}`));
    const { news } = host.look(standings, new Date(START + minute * MINUTE));
    if (news.length > 0) tellings.push(news.length);
  }

  assert.equal(
    tellings.reduce((sum, count) => sum + count, 0),
    120,
  );
  assert.ok(tellings.length <= 24, `${tellings.length} messages in four hours`);
  assert.ok(Math.max(...tellings) > 10, 'the rest comes together');
});

test('a clock that is set back a year neither silences a host nor makes it repeat itself', () => {
  const host = new Host();
  const before = new Date('2025-11-21T12:00:00Z');
  host.pass(3, failed('a'));

  host.look([failed('a'), failed('b')], before);
  const { news } = host.look([failed('a'), failed('b')], new Date(before.getTime() + 2 * MINUTE));

  assert.deepEqual(
    news.map(({ trouble }) => trouble.subject),
    ['b'],
  );
});

test('what was remembered and cannot be read counts as nothing told', () => {
  for (const text of [undefined, '', '{', 'null', '[]', '{"subjects":{"a":3},"sentAt":[]}'])
    assert.deepEqual(parseTold(text), NOTHING_TOLD);
});
