import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../state-schema/generated/status.ts';
import { NotifierRig } from './notifier-rig.ts';
import { Receiver } from './receiver.ts';

function run(id: string, outcome: Run['outcome']): Run {
  return {
    id,
    policy: 'local',
    trigger: 'schedule',
    startedAt: '2026-11-21T12:00:00Z',
    endedAt: '2026-11-21T12:05:00Z',
    outcome,
    message: `it was ${outcome}`,
  };
}

test('the check of a host is pinged every five minutes while the loop makes progress, and fails while something is told', async () => {
  await using receiver = await Receiver.open();
  await using rig = await NotifierRig.start({
    notify: [{ healthchecks: { secret: 'check' }, on: ['failed', 'recovered'] }],
    secrets: { check: receiver.url('/uuid') },
    allowed: [receiver.host],
  });
  await receiver.until(2);

  rig.pass(240);
  await rig.notifier.look();
  rig.pass(70);
  await rig.notifier.look();
  await receiver.until(3);
  await rig.fail('the disk is gone');
  await receiver.until(4);
  rig.stuck = 'a round has not ended';
  rig.pass(3_600);
  await rig.notifier.look();
  rig.stuck = undefined;
  await rig.mend();
  await receiver.until(5);

  assert.deepEqual(
    receiver.received.map(({ path, body }) => [path, body]),
    [
      ['/uuid/start', 'anchord started'],
      ['/uuid', 'all is well'],
      ['/uuid', 'all is well'],
      ['/uuid/fail', 'policy:local: the disk is gone'],
      ['/uuid', 'all is well'],
    ],
  );
});

test('the check of a policy hears of each of its runs once, over restarts too, and not of one that was stopped', async () => {
  await using receiver = await Receiver.open();
  await using rig = await NotifierRig.start({
    notify: [{ healthchecks: { secret: 'check' }, policies: ['local'] }],
    secrets: { check: receiver.url('/uuid') },
    allowed: [receiver.host],
  });

  rig.notifier.runStarted('other');
  rig.notifier.runStarted('local');
  await receiver.until(1);
  await rig.become({ lastRun: run('1', 'ok') });
  await receiver.until(2);
  await rig.restart();
  await rig.become({ lastRun: run('1', 'ok') });
  await rig.become({ lastRun: run('2', 'cancelled') });
  await rig.become({ state: 'partial', lastRun: run('3', 'partial') });
  await receiver.until(3);

  assert.deepEqual(
    receiver.received.map(({ path }) => path),
    ['/uuid/start', '/uuid', '/uuid/fail'],
  );
  assert.match(receiver.received[2]?.body ?? '', /^local: partial\n.*\nit was partial$/s);
});

test('a ping that did not arrive is sent again, as things are then', async () => {
  await using receiver = await Receiver.open();
  await using rig = await NotifierRig.start({
    notify: [{ healthchecks: { secret: 'check' } }],
    secrets: { check: receiver.url('/uuid') },
    allowed: [receiver.host],
  });
  await receiver.until(2);
  receiver.answer = (response) => response.writeHead(500).end();
  await rig.fail();
  await rig.untilFailed(1);

  receiver.answer = (response) => response.end('OK');
  rig.pass(60);
  await rig.mend();
  await receiver.until(4);

  assert.deepEqual(
    receiver.received.map(({ path }) => path),
    ['/uuid/start', '/uuid', '/uuid/fail', '/uuid'],
  );
});
