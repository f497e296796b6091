import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, endedRun, ids, inFolder, openRun, type OpenStore } from './contract-rows.ts';

/** How much any store keeps. */
export function retentionContract(name: string, open: OpenStore): void {
  test(`${name}: runs older than the history tells of go, but not the newest 50 of a policy, nor when it last ran well`, async () => {
    await inFolder(open, async (reopen) => {
      await using store = await reopen();
      const ok = endedRun('good', 'p', { endedAt: at(0) });
      const rare = endedRun('rare', 'q', { endedAt: at(0) });
      const old = Array.from({ length: 120 }, (_, index) =>
        endedRun(`old${index}`, 'p', { endedAt: at(index), outcome: 'failed' }),
      );
      const later = Array.from({ length: 10 }, (_, index) =>
        endedRun(`new${index}`, 'p', { endedAt: at(60 * 24 * 40 + index), outcome: 'failed' }),
      );

      for (const run of [rare, ok, ...old, ...later]) {
        await store.beginRun(openRun(run.id, run.policy));
        await store.endRun(run);
      }

      const left = ids(await store.runs({}));
      const last = await store.lastRuns();
      assert.equal(left.filter((id) => id.startsWith('old')).length, 40);
      assert.equal(left.filter((id) => id.startsWith('new')).length, 10);
      assert.equal(last.get('p')?.lastOk?.id, 'good');
      assert.equal(last.get('q')?.last.id, 'rare');
    });
  });

  test(`${name}: only the newest 50 passes are kept`, async () => {
    await inFolder(open, async (reopen) => {
      await using store = await reopen();
      const pass = {
        startedAt: at(0),
        endedAt: at(1),
        result: 'applied',
        changed: 1,
        repaired: 0,
        failed: 0,
        waiting: 0,
      } as const;

      for (let index = 0; index < 60; index++) await store.addPass({ id: String(index), ...pass });

      const left = ids(await store.passes(1_000));
      assert.deepEqual([left.length, left[0], left.at(-1)], [50, '59', '10']);
    });
  });
}
