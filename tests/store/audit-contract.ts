import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendLines, EMPTY_CHAIN } from '../../daemon/audit/chain.ts';
import type { AuditEntry, ChainHead } from '../../daemon/store/audit-entry.ts';
import { at, endedRun, inFolder, type OpenStore } from './contract-rows.ts';

/** What any store must do for the audit. */
export function auditContract(name: string, open: OpenStore): void {
  test(`${name}: each change that the audit tells of takes its lines along, or nothing of both is kept`, async () => {
    await inFolder(open, async (reopen) => {
      await using store = await reopen();
      const pass = {
        id: '1',
        startedAt: at(0),
        endedAt: at(1),
        result: 'applied',
        changed: 1,
        repaired: 0,
        failed: 0,
        waiting: 0,
      } as const;
      const steps: readonly ((lines: AuditEntry) => Promise<void>)[] = [
        (lines) => store.addAudit(lines),
        (lines) => store.saveRevisions({ trusted: 'a'.repeat(40) }, lines),
        (lines) => store.rememberVolume('flux', 'id', lines),
        (lines) => store.rememberRepository('/space/r', 'id', lines),
        (lines) => store.endRun(endedRun('r1', 'p', {}), lines),
        (lines) => store.addPass(pass, [], lines),
      ];
      let { head } = await store.audit();
      for (const step of steps) {
        const right = linesAfter(head ?? EMPTY_CHAIN, 2);
        // They leave a number out: two writers must not fork the chain.
        await assert.rejects(step(right.slice(1)));
        assert.deepEqual((await store.audit()).head, head);
        await step(right);
        head = right.at(-1)?.head;
      }

      const state = await store.audit();

      assert.deepEqual(state.head, head);
      assert.deepEqual(
        state.pending.map((line) => line.head.seq),
        Array.from({ length: 12 }, (_, index) => index + 1),
      );
      assert.deepEqual([(await store.runs({})).length, (await store.passes(9)).length], [1, 1]);
      assert.equal((await store.revisions()).trusted, 'a'.repeat(40));
    });
  });

  test(`${name}: lines that are in their file are forgotten, and the heads survive reopening`, async () => {
    await inFolder(open, async (reopen) => {
      const lines = linesAfter(EMPTY_CHAIN, 3);
      {
        await using store = await reopen();
        await store.addAudit(lines);
        await store.auditWritten(lines[1]?.head ?? EMPTY_CHAIN);
        await store.setAuditHeads({ base: lines[0]?.head ?? EMPTY_CHAIN });
      }

      await using store = await reopen();

      const [first, second, third] = lines;
      assert.deepEqual(await store.audit(), {
        base: first?.head,
        written: second?.head,
        head: third?.head,
        pending: [third],
      });
    });
  });
}

function linesAfter(head: ChainHead, count: number): AuditEntry {
  const facts = Array.from(
    { length: count },
    () => ({ kind: 'guard.passed', facts: { volume: 'it\'s "flux"\n' } }) as const,
  );
  return appendLines(head, facts, new Date(at(0)));
}
