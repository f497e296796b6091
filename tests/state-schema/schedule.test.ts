import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCron, checkTimezone } from '../../state-schema/schedule.ts';

test('plain five-field schedules are accepted', () => {
  for (const schedule of ['* * * * *', '0 5 * * 7', '*/15 1-5 1,15 jan-mar mon-fri', '0 0 29 2 *']) {
    assert.equal(checkCron(schedule), undefined, schedule);
  }
});

test('a schedule needs exactly five fields', () => {
  for (const schedule of ['', '* * * *', '0 * * * * *', '0  * * * *', '@daily']) {
    assert.match(checkCron(schedule) ?? '', /exactly five fields/, schedule);
  }
});

test('extensions of other crons are refused, with the field named', () => {
  assert.match(checkCron('0 0 L * *') ?? '', /day of month "L"/);
  assert.match(checkCron('0 0 * * 5#3') ?? '', /day of week/);
  assert.match(checkCron('H 0 * * *') ?? '', /cron does not read it/);
});

test('values outside a field and steps longer than it are refused', () => {
  for (const schedule of ['60 * * * *', '5-1 * * * *', '*/0 * * * *', '0 0 0 * *']) {
    assert.notEqual(checkCron(schedule), undefined, schedule);
  }
  assert.match(checkCron('*/90 * * * *') ?? '', /longer than the whole field/);
});

test('a day that never comes is no schedule', () => {
  assert.match(checkCron('0 0 31 2 *') ?? '', /no such day/);
  assert.match(checkCron('0 0 31 4,6 *') ?? '', /no such day/);
});

test('time zones are those of the IANA database, in its spelling', () => {
  assert.equal(checkTimezone('America/New_York'), undefined);
  assert.equal(checkTimezone('UTC'), undefined);
  assert.match(checkTimezone('america/new_york') ?? '', /it is written America\/New_York/);
  assert.match(checkTimezone('Mars/Olympus') ?? '', /no such zone/);
});
