import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { RemovalLedger } from '../../daemon/policies/removal-ledger.ts';

test('what went from a tree since a time is summed up, over a restart and a torn line', async () => {
  await using folder = await ledgerFolder();
  const ledger = new RemovalLedger(folder.file);
  await ledger.add({ at: '2026-11-20T00:00:00Z', path: '/flux/active/old', files: 7, bytes: 700 });
  await ledger.add({ at: '2026-11-21T00:00:00Z', path: '/flux/active/one', files: 1, bytes: 10 });
  await appendFile(folder.file, '{"at":"2026-11-21T00:00:00Z","path":"/flux/act');
  const reopened = new RemovalLedger(folder.file);
  await reopened.add({ at: '2026-11-21T01:00:00Z', path: '/flux/scratch', files: 2, bytes: 20 });
  await reopened.add({ at: '2026-11-21T01:00:00Z', path: '/fluxes', files: 9, bytes: 90 });

  assert.deepEqual(await reopened.movedSince('/flux', '2026-11-21T00:00:00Z'), { files: 3, bytes: 30 });
  assert.deepEqual(await reopened.movedSince('/flux/active', '2026-11-01T00:00:00Z'), {
    files: 8,
    bytes: 710,
  });
  assert.deepEqual(await reopened.movedSince('/', '2026-11-21T01:00:00Z'), { files: 11, bytes: 110 });
  assert.deepEqual(await reopened.movedSince('/space', '2026-11-01T00:00:00Z'), { files: 0, bytes: 0 });
});

test('the ledger does not grow for ever, and keeps its newest lines', async () => {
  await using folder = await ledgerFolder();
  const path = `/flux/${'x'.repeat(4_000)}`;
  const line = { at: '2026-11-21T00:00:00Z', path, files: 1, bytes: 1 };
  await appendFile(folder.file, `${JSON.stringify(line)}\n`.repeat(300));

  const ledger = new RemovalLedger(folder.file);
  await ledger.add({ ...line, path: '/flux/newest' });

  assert.ok((await stat(folder.file)).size < 1024 * 1024);
  assert.equal((await ledger.movedSince('/flux/newest', line.at)).files, 1);
  assert.ok((await ledger.movedSince('/flux', line.at)).files > 100);
});

async function ledgerFolder(): Promise<{ readonly file: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-ledger-'));
  return {
    file: join(folder, 'removals.jsonl'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
