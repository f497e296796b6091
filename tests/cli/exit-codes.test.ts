import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeHelp, exitCodeOfReason, exitCodeOfRun, exitCodes } from '../../daemon/cli/exit-codes.ts';

test('the exit codes are those of the manual', () => {
  assert.deepEqual(exitCodes, {
    done: 0,
    failed: 1,
    usage: 2,
    partial: 3,
    invalid: 4,
    refused: 5,
    unreachable: 6,
    tampered: 7,
  });
});

test('how a run ended is how the command ends', () => {
  const codes = (['ok', 'partial', 'failed', 'refused', 'cancelled', 'skipped'] as const).map((outcome) =>
    exitCodeOfRun({ outcome }),
  );

  assert.deepEqual(codes, [0, 3, 1, 5, 1, 1]);
});

test('what a guard or limit refuses is told from what failed', () => {
  assert.equal(exitCodeOfReason('NotMounted'), 5);
  assert.equal(exitCodeOfReason('BelowMinimumFree'), 5);
  assert.equal(exitCodeOfReason('RewriteRefused'), 5);
  assert.equal(exitCodeOfReason('InternalError'), 1);
  assert.equal(exitCodeOfReason('ProgramMissing'), 1);
});

test('help explains every code it lists', () => {
  const lines = exitCodeHelp(Object.values(exitCodes)).trim().split('\n').slice(1);

  assert.equal(lines.length, 8);
  for (const line of lines) assert.match(line, /^ {2}\d {2}\S/);
});
