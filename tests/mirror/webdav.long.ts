import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suffered } from './webdav-mirror.ts';
import type { WebdavFault } from './webdav-server.ts';

const FAULTS: readonly (readonly [string, WebdavFault, string])[] = [
  ['uploads that are cut off', { method: 'PUT', does: 'cut' }, 'RemoteUnreachable'],
  ['uploads whose answers are lost', { method: 'PUT', does: 'mute' }, 'RemoteUnreachable'],
  ['uploads that the server has no time for', { method: 'PUT', does: { status: 503 } }, 'RemoteUnreachable'],
  ['deletions whose answers are lost', { method: 'DELETE', does: 'mute' }, 'RemoteUnreachable'],
  ['listings that are refused', { method: 'PROPFIND', does: { status: 401 } }, 'AuthenticationFailed'],
  ['listings that fail', { method: 'PROPFIND', does: { status: 500 } }, 'RemoteUnreachable'],
];

for (const [what, fault, reason] of FAULTS) {
  test(`${what} fail the run, the mirror is equal or older, and the next run succeeds`, async () => {
    const run = await suffered(fault);

    assert.deepEqual([run.outcome, run.reason], ['failed', reason], run.message);
  });
}
