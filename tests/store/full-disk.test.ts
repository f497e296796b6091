import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Transient } from '../../daemon/errors.ts';
import { openSqlite } from '../../daemon/store/sqlite-connection.ts';

test('a store that may not grow says that its disk is full, and works again when it may', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'anchord-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openSqlite(join(folder, 'anchord.db'));
  const fact = ['INSERT INTO facts (name, value) VALUES (?, ?)', 'x'.repeat(100_000)] as const;

  await store.all('PRAGMA max_page_count = 1');
  const fault = await store.run(fact[0], ['a', fact[1]]).catch((error: unknown) => error);
  await store.all('PRAGMA max_page_count = 1000000');
  await store.run(fact[0], ['a', fact[1]]);

  assert.ok(fault instanceof Transient);
  assert.equal(fault.reason, 'NoSpace');
  assert.match(fault.message, /anchord\.db cannot be written: its disk is full$/);
  await store.close();
});
