import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../daemon/store/store.ts';
import { at, endedRun, ids, inFolder, openRun, type OpenStore } from './contract-rows.ts';

/** What any store must do, whatever database is behind it. `open` opens the same store each time it is given the same folder. */
export function storeContract(name: string, open: OpenStore): void {
  function withFolder(body: (reopen: () => Promise<Store>) => Promise<void>): Promise<void> {
    return inFolder(open, body);
  }

  test(`${name}: a new store is empty`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();

      assert.deepEqual(await store.revisions(), {});
      assert.deepEqual(await store.inventory(), []);
      assert.deepEqual(await store.schedules(), []);
      assert.deepEqual(await store.openRuns(), []);
      assert.deepEqual(await store.runs({}), []);
      assert.deepEqual(await store.lastRuns(), new Map());
      assert.deepEqual(await store.passes(10), []);
      assert.deepEqual(await store.conditions(), []);
      assert.deepEqual(await store.audit(), { pending: [] });
      assert.equal(await store.fact('x'), undefined);
    });
  });

  test(`${name}: a change of the revisions leaves absent keys alone, removes nulls and survives reopening`, async () => {
    await withFolder(async (reopen) => {
      const rejected = { revision: 'b'.repeat(40), message: 'it\'s "bad"\n', problems: [] };
      {
        await using store = await reopen();
        await store.saveRevisions({ trusted: 'a'.repeat(40), rejected, attempted: 'b'.repeat(40) });
        await store.saveRevisions({ attempted: null, applied: 'a'.repeat(40) });
      }

      await using store = await reopen();

      assert.deepEqual(await store.revisions(), {
        trusted: 'a'.repeat(40),
        applied: 'a'.repeat(40),
        rejected,
      });
    });
  });

  test(`${name}: the inventory is put and removed in one step, by id`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      const flux = {
        id: 'directory:/flux',
        kind: 'directory',
        state: 'in-sync',
        since: at(1),
        digest: '1',
      } as const;
      const odd = { id: "link:/a'\n;--", kind: 'link', state: 'in-sync', since: at(1), digest: '1' } as const;
      await store.saveInventory({ put: [flux, odd], remove: [] });

      await store.saveInventory({ put: [{ ...flux, digest: '2' }], remove: [odd.id, 'link:/never-there'] });

      assert.deepEqual(await store.inventory(), [{ ...flux, digest: '2' }]);
    });
  });

  test(`${name}: ids of volumes and repositories are remembered, the later word wins`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();

      await store.rememberVolume('flux', 'one');
      await store.rememberVolume('flux', 'two');
      await store.rememberRepository('/space/r', 'id');

      assert.deepEqual(await store.volumeIds(), new Map([['flux', 'two']]));
      assert.deepEqual(await store.repositoryIds(), new Map([['/space/r', 'id']]));
    });
  });

  test(`${name}: beginning a run moves its schedule in the same step, and refuses a second run of the same id whole`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      const row = { policy: 'p', cron: '0 * * * *', timezone: 'UTC', nextRunAt: at(60) };
      await store.saveSchedules({ put: [{ ...row, nextRunAt: at(0) }], remove: [] });

      await store.beginRun(openRun('r1', 'p'), row);
      await assert.rejects(store.beginRun(openRun('r1', 'p'), { ...row, nextRunAt: at(120) }));

      assert.deepEqual(await store.schedules(), [row]);
      assert.deepEqual(await store.openRuns(), [openRun('r1', 'p')]);
      assert.deepEqual(await store.runs({}), []);
    });
  });

  test(`${name}: ended runs are found newest first, by policy, by time and by number`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      for (const [index, policy] of ['p', 'q', 'p'].entries()) {
        await store.beginRun(openRun(`r${index}`, policy));
        await store.endRun(endedRun(`r${index}`, policy, { endedAt: at(index) }));
      }

      assert.deepEqual(ids(await store.runs({})), ['r2', 'r1', 'r0']);
      assert.deepEqual(ids(await store.runs({ policy: 'p' })), ['r2', 'r0']);
      assert.deepEqual(ids(await store.runs({ since: at(1) })), ['r2', 'r1']);
      assert.deepEqual(ids(await store.runs({ limit: 1 })), ['r2']);
      assert.deepEqual(await store.openRuns(), []);
    });
  });

  test(`${name}: the last run and the last good run of each policy are those that began last, whatever the clock said`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      const future = endedRun('r1', 'p', { endedAt: '2043-01-01T00:00:00Z' });
      const good = endedRun('r2', 'p', { endedAt: at(2) });
      const bad = endedRun('r3', 'p', { endedAt: at(3), outcome: 'failed' });
      for (const run of [future, good, bad]) {
        await store.beginRun(openRun(run.id, 'p'));
        await store.endRun(run);
      }
      await store.beginRun(openRun('r4', 'p'));

      assert.deepEqual(await store.lastRuns(), new Map([['p', { last: bad, lastOk: good }]]));
    });
  });

  test(`${name}: passes come newest first`, async () => {
    await withFolder(async (reopen) => {
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
      await store.addPass({ id: '1', ...pass });
      await store.addPass({ id: '2', ...pass });

      assert.deepEqual(ids(await store.passes(1)), ['2']);
      assert.deepEqual(ids(await store.passes(9)), ['2', '1']);
    });
  });

  test(`${name}: saved conditions replace those before`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      const ready = {
        type: 'Ready',
        status: 'True',
        reason: 'AllInSync',
        message: '',
        lastTransitionTime: at(0),
      } as const;
      await store.saveConditions([ready, { ...ready, type: 'Stalled' }]);

      await store.saveConditions([{ ...ready, status: 'False' }]);

      assert.deepEqual(await store.conditions(), [{ ...ready, status: 'False' }]);
    });
  });

  test(`${name}: a fact is saved, replaced and removed`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      await store.saveFact('tip', 'a');
      await store.saveFact('tip', 'b');
      assert.equal(await store.fact('tip'), 'b');

      await store.saveFact('tip', null);

      assert.equal(await store.fact('tip'), undefined);
    });
  });

  test(`${name}: what was told and its messages are kept in one step, and so are the end of a message and its target`, async () => {
    await withFolder(async (reopen) => {
      const odd = { target: 'ntfy:a', body: '{"it\'s":"\\u0000 odd\n"}' };
      {
        await using store = await reopen();
        await store.tell('{"a":1}', [odd, { target: 'webhook:b', body: '{}' }]);
        await store.tell('{"a":2}', []);
        const [first] = await store.outbox();
        assert.deepEqual(first, { seq: 1, ...odd });
        await store.settleMessage(2, 'webhook:b', '{"state":"delivered"}');
        await store.settleMessage(null, 'ntfy:a', '{"state":"failing"}');
      }

      await using store = await reopen();
      await store.tell('{"a":3}', [{ target: 'webhook:b', body: '{}' }]);

      assert.deepEqual(
        (await store.outbox()).map(({ seq, target }) => [seq, target]),
        [
          [1, 'ntfy:a'],
          [3, 'webhook:b'],
        ],
      );
      const facts = ['notify.told', 'notify.target.webhook:b', 'notify.target.ntfy:a'];
      assert.deepEqual(await Promise.all(facts.map((fact) => store.fact(fact))), [
        '{"a":3}',
        '{"state":"delivered"}',
        '{"state":"failing"}',
      ]);
    });
  });

  test(`${name}: many changes asked for at once all happen, each whole`, async () => {
    await withFolder(async (reopen) => {
      await using store = await reopen();
      const names = Array.from({ length: 50 }, (_, index) => `p${index}`);

      await Promise.all(
        names.map((policy) =>
          store.beginRun(openRun(policy, policy), {
            policy,
            cron: '* * * * *',
            timezone: 'UTC',
            nextRunAt: at(1),
          }),
        ),
      );

      assert.equal((await store.openRuns()).length, 50);
      assert.deepEqual((await store.schedules()).map((row) => row.policy).sort(), [...names].sort());
    });
  });
}
