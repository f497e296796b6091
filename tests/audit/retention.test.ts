import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { baseFor, dropBefore, isKept, KEPT_SEGMENTS } from '../../daemon/audit/retention.ts';
import { segmentDays } from '../../daemon/audit/segment-files.ts';
import { AuditRig, fact } from './audit-rig.ts';

const DAY_MS = 24 * 60 * 60_000;

test('whole files of the oldest days go when there are more than are kept, and the rest is still a whole chain', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  for (let day = 1; day < KEPT_SEGMENTS + 3; day++) {
    rig.clock.time += DAY_MS;
    audit.record(fact(`day ${day}`));
    await audit.flush();
  }
  const { verdict, base } = await audit.snapshot();
  const days = await segmentDays(rig.folder);
  await rig.crash();
  // As if we had been killed after remembering and before removing.
  writeFileSync(rig.path(), 'left over\n');

  const again = await rig.open();
  const after = await again.snapshot();

  assert.equal(days.length, KEPT_SEGMENTS);
  assert.equal(base.seq, 3);
  assert.equal(verdict.kind, 'ok');
  assert.equal(after.verdict.kind, 'ok');
});

test('a clock that jumped ahead makes no day old', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  rig.clock.time += 10_000 * DAY_MS;
  audit.record(fact('2054'));
  await audit.flush();

  assert.equal(await baseFor(rig.folder), undefined);
  assert.equal((await segmentDays(rig.folder)).length, 2);
});

test('nothing is dropped but the files of days before the beginning', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  for (const day of [1, 2]) {
    rig.clock.time += DAY_MS;
    audit.record(fact(`day ${day}`));
    await audit.flush();
  }

  const base = await baseFor(rig.folder, 2);
  if (base === undefined) throw new Error('there is nothing to drop');
  await dropBefore(rig.folder, base);

  assert.deepEqual([isKept('2026/11/21', base), isKept('2026/11/22', base)], [false, true]);
  assert.deepEqual(await segmentDays(rig.folder), ['2026/11/22', '2026/11/23']);
});
