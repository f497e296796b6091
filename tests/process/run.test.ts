import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../daemon/process/run.ts';

const env = { PATH: process.env['PATH'] ?? '' };

/** Resolves with the milliseconds that `act` took. */
async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

test('a process left behind that holds the pipes open is not waited for', async () => {
  const script = 'setsid sleep 600 & echo $!; echo words >&2; exit 3';

  const took = await timed(async () => {
    const result = await run({ program: 'sh', args: ['-c', script], env });
    assert.match(result.stdout, /^\d+\n$/);
    process.kill(Number(result.stdout), 'SIGKILL');
    assert.equal(result.end, 'exited');
    assert.equal(result.code, 3);
    assert.equal(result.stderr, 'words\n');
  });

  assert.ok(took < 300_000, `took ${took} ms`);
});

test('after a stop nobody who left the group and holds the pipes is waited for', async () => {
  // It says its number when it has left the group, not before.
  const script = "setsid sh -c 'echo $$; exec sleep 600' & sleep 600";
  const told = new AbortController();
  let left = 0;

  const took = await timed(async () => {
    const result = await run({
      program: 'sh',
      args: ['-c', script],
      env,
      signal: told.signal,
      killAfterMs: 100,
      onStdoutLine(line) {
        left = Number(line);
        told.abort();
      },
    });
    assert.equal(result.end, 'stopped');
  });

  assert.ok(left > 1);
  process.kill(left, 'SIGKILL');
  assert.ok(took < 300_000, `took ${took} ms`);
});

test('a child that takes too long is stopped, and how it ended is told', async () => {
  const result = await run({ program: 'sleep', args: ['600'], env, timeoutMs: 300 });

  assert.deepEqual([result.end, result.code], ['timed-out', null]);
});

test('all that a child wrote before it ended is there, also when it is much', async () => {
  const result = await run({
    program: 'sh',
    args: ['-c', 'head -c 5000000 /dev/zero | tr "\\0" x; echo; echo end'],
    env,
  });

  assert.equal(result.stdout.length, 5_000_005);
  assert.ok(result.stdout.endsWith('x\nend\n'));
});

test('a line of 100 MB is handed on cut, and needs no memory to speak of', async () => {
  const lengths: number[] = [];
  const before = process.memoryUsage().rss;

  await run({
    program: 'sh',
    args: ['-c', 'head -c 100000000 /dev/zero | tr "\\0" x; echo; echo end'],
    env,
    onStdoutLine: (line) => lengths.push(line.length),
  });

  assert.equal(lengths.length, 2);
  assert.equal(lengths[1], 3);
  // Much less than the line; what else the process needs meanwhile is not this test's.
  assert.ok(process.memoryUsage().rss - before < 90_000_000);
});

test('a timeout of a month is not one of a millisecond', async () => {
  const result = await run({ program: 'sleep', args: ['0.2'], env, timeoutMs: 30 * 24 * 60 * 60 * 1000 });

  assert.equal(result.end, 'exited');
});
