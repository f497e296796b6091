import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cleanups } from '../daemon/cleanups.ts';

test('what was begun last is ended first, and each only after the one before it', async () => {
  const ended: number[] = [];
  {
    await using cleanups = new Cleanups();
    cleanups.add(() => ended.push(1));
    cleanups.use({
      [Symbol.asyncDispose]: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(2);
      },
    });
    cleanups.add(() => ended.push(3));
  }

  assert.deepEqual(ended, [3, 2, 1]);
});

test('a step that fails keeps no other from being taken, and is not forgotten', async () => {
  const cleanups = new Cleanups();
  let reached = false;
  cleanups.add(() => (reached = true));
  cleanups.add(() => Promise.reject(new Error('disk full')));

  await assert.rejects(cleanups[Symbol.asyncDispose](), (error: unknown) => {
    assert.ok(error instanceof AggregateError);
    assert.equal((error.errors[0] as Error).message, 'disk full');
    return true;
  });
  assert.ok(reached);
});

test('ending twice ends everything once', async () => {
  const cleanups = new Cleanups();
  let count = 0;
  cleanups.add(() => count++);

  await cleanups[Symbol.asyncDispose]();
  await cleanups[Symbol.asyncDispose]();

  assert.equal(count, 1);
});
