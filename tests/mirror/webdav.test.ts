import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suffered } from './webdav-mirror.ts';

test('an upload that is cut off once is sent again within the run', async () => {
  const run = await suffered({ method: 'PUT', does: 'cut', times: 1 });

  assert.equal(run.outcome, 'ok', run.message);
});

test('a remote that is full fails the run and blames no file', async () => {
  const run = await suffered({ method: 'PUT', does: { status: 507 } });

  assert.deepEqual([run.outcome, run.reason, run.unreadable], ['failed', 'NoSpace', undefined], run.message);
});

test('deletions that are refused fail the run, and what was sent is there', async () => {
  const run = await suffered({ method: 'DELETE', does: { status: 403 } });

  assert.deepEqual([run.outcome, run.removed], ['failed', undefined], run.message);
});
