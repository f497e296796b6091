import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostForgotten, readForgetRecord, saveForgetRecord } from '../../daemon/policies/forget-limit.ts';

const KEEP = { hourly: 24, daily: 7 };

test('as long as keep is what it was, a run forgets 20 or a tenth, and as many more as were made meanwhile', async () => {
  const record = await remembered(KEEP);

  assert.equal(mostForgotten({ keep: { daily: 7, hourly: 24 }, record, of: 31, madeSince: 1 }), 21);
  assert.equal(mostForgotten({ keep: KEEP, record, of: 500, madeSince: 300 }), 350);
});

test('with another keep, or none before, only three or a tenth', async () => {
  const record = await remembered(KEEP);

  assert.equal(mostForgotten({ keep: { last: 1 }, record, of: 29, madeSince: 29 }), 3);
  assert.equal(mostForgotten({ keep: KEEP, record: undefined, of: 200, madeSince: 200 }), 20);
});

async function remembered(keep: typeof KEEP): ReturnType<typeof readForgetRecord> {
  const facts = new Map<string, string>();
  const store = {
    fact: (name: string) => Promise.resolve(facts.get(name)),
    saveFact: (name: string, value: string | null) => Promise.resolve(void facts.set(name, value ?? '')),
  };
  await saveForgetRecord(store, 'local', { keep, at: '2026-11-21T12:00:00Z' });
  return await readForgetRecord(store, 'local');
}
