import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { Transient } from '../../daemon/errors.ts';
import { AuditRig, fact } from './audit-rig.ts';

const DAY_MS = 24 * 60 * 60_000;

test('what is told stands in the file, in order, behind the line that begins the chain', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();

  audit.record(fact('a'), fact('b'));
  audit.record(fact('c'));
  await audit.flush();

  assert.deepEqual(
    (await rig.lines()).map(({ seq, kind }) => [seq, kind]),
    [
      [1, 'audit.begun'],
      [2, 'guard.passed'],
      [3, 'guard.passed'],
      [4, 'guard.passed'],
    ],
  );
  assert.deepEqual((await audit.snapshot()).verdict, { kind: 'ok', head: audit.head, lines: 4, segments: 1 });
});

test('a burst is kept in a few steps and written with a few fsyncs', async () => {
  await using rig = await AuditRig.make();
  let kept = 0;
  let written = 0;
  const audit = await rig.open((store) => ({
    addAudit: (lines) => (kept++, store.addAudit(lines)),
    auditWritten: (head) => (written++, store.auditWritten(head)),
  }));

  for (let index = 0; index < 1_000; index++) audit.record(fact(`v${index}`));
  await audit.flush();

  assert.equal(audit.head.seq, 1_001);
  assert.ok(kept <= 10 && written <= 10, `${kept} steps, ${written} fsyncs`);
});

test('a line and what it tells of are kept together or not at all', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();

  await audit.commit([fact('good')], (lines) => rig.store.rememberVolume('flux', 'id-1', lines));
  const failed = audit.commit([fact('bad')], () => Promise.reject(new Error('no room')));
  await assert.rejects(failed, /no room/);
  await audit.commit([fact('next')], (lines) => rig.store.rememberVolume('time', 'id-2', lines));
  await audit.flush();

  assert.deepEqual(
    (await rig.lines()).map(({ facts }) => facts['volume']),
    [undefined, 'good', 'next'],
  );
  assert.equal((await audit.snapshot()).verdict.kind, 'ok');
});

test('a write that failed after it was kept all the same is part of the chain', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();

  const failed = audit.commit([fact('kept')], async (lines) => {
    await rig.store.addAudit(lines);
    throw new Transient({ reason: 'InputOutputError', message: 'the disk went away' });
  });
  await assert.rejects(failed, /went away/);
  audit.record(fact('next'));
  await audit.flush();

  assert.deepEqual(
    (await rig.lines()).map(({ facts }) => facts['volume']),
    [undefined, 'kept', 'next'],
  );
});

for (const [what, left] of [
  ['nothing', () => ''],
  ['a piece', (line: string) => line.slice(0, 9)],
  ['a piece and zeros', (line: string) => `${line.slice(0, 9)}${'\0'.repeat(line.length - 9)}`],
  ['all', (line: string) => line],
] as const) {
  test(`a line of which a crash left ${what} in the file is whole after the next start`, async () => {
    await using rig = await AuditRig.make();
    let crash: (() => void) | undefined;
    const crashed = new Promise<void>((resolve) => (crash = resolve));
    const audit = await rig.open((store) => ({
      auditWritten: (head) =>
        head.seq === 1 ? store.auditWritten(head) : (crash?.(), new Promise<never>(() => {})),
    }));
    audit.record(fact('a'));
    await crashed;
    await rig.crash();
    await rig.edit((text) => text.replace(/(?<=\n).*\n$/, left));

    const again = await rig.open();

    assert.equal((await again.snapshot()).verdict.kind, 'ok');
    assert.equal(again.fault, undefined);
    assert.deepEqual(
      (await rig.lines()).map(({ facts }) => facts['volume']),
      [undefined, 'a'],
    );
    assert.deepEqual((await rig.store.audit()).pending, []);
  });
}

test('a clock that was set back goes on in the newest file, one that goes on begins the next', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  for (const days of [2, -20_000, 1, 3]) {
    rig.clock.time = Date.UTC(2026, 10, 21, 12) + days * DAY_MS;
    audit.record(fact(`day ${days}`));
    await audit.flush();
  }

  const { verdict, segments } = await audit.snapshot();

  assert.equal(verdict.kind, 'ok');
  assert.deepEqual(
    segments.map(({ day }) => day),
    ['2026/11/21', '2026/11/23', '2026/11/24'],
  );
});

for (const [what, damage, kind] of [
  ['an edited line', (rig: AuditRig) => rig.edit((text) => text.replace('"a"', '"x"')), 'edited'],
  [
    'a last line that is gone',
    (rig: AuditRig) => rig.edit((text) => `${text.split('\n').slice(0, -2).join('\n')}\n`),
    'truncated',
  ],
  ['half a last line', (rig: AuditRig) => rig.cut(20), 'truncated'],
  ['a file that is gone', (rig: AuditRig) => rm(rig.path()), 'truncated'],
  [
    'a line that nobody wrote',
    (rig: AuditRig) => rig.edit((text) => `${text}${text.split('\n').at(-2) ?? ''}\n`),
    'inserted',
  ],
  ['a text behind the end', (rig: AuditRig) => rig.append('hello'), 'extra'],
] as const) {
  test(`${what} is told, left as it is, and does not keep new lines from being kept`, async () => {
    await using rig = await AuditRig.make();
    const audit = await rig.open();
    audit.record(fact('a'), fact('b'));
    await audit.flush();
    await rig.crash();
    await damage(rig);

    const again = await rig.open();
    const { verdict } = await again.snapshot();
    again.record(fact('later'));
    await again.flush();

    assert.equal(verdict.kind, kind);
    assert.equal(again.fault?.reason, 'AuditTampered');
    assert.ok(rig.events.some((event) => event.kind === 'audit.failed'));
    // 3 lines, one that tells of the damage, one more.
    assert.equal(again.head.seq, 5);
    assert.notEqual((await again.snapshot()).verdict.kind, 'ok');
  });
}

test('lines that cannot be written stay in the store, are told of, and follow when they can be', async () => {
  await using rig = await AuditRig.make();
  await writeFile(join(rig.dir, 'audit'), 'a file is in the way');
  const audit = await rig.open();
  audit.record(fact('a'));
  await audit.flush();
  const fault = audit.fault;
  const { verdict } = await audit.snapshot();

  await rm(join(rig.dir, 'audit'));
  await audit.flush();

  assert.equal(fault?.reason, 'AuditBehind');
  assert.equal(verdict.kind, 'ok');
  assert.equal(audit.fault, undefined);
  assert.equal((await rig.lines()).length, 2);
});

test('a new store goes on with the files of the old one, and says so', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  audit.record(fact('a'));
  await audit.flush();
  await rig.crash();
  await rm(join(rig.dir, 'anchord.db'));

  const again = await rig.open();
  const { verdict } = await again.snapshot();

  assert.equal(verdict.kind, 'ok');
  assert.deepEqual((await rig.lines()).map(({ seq, kind }) => [seq, kind]).at(-1), [3, 'audit.continued']);
});

test('a new store puts damaged files aside, whole, and begins anew', async () => {
  await using rig = await AuditRig.make();
  const audit = await rig.open();
  audit.record(fact('a'));
  await audit.flush();
  await rig.crash();
  await rm(join(rig.dir, 'anchord.db'));
  await rig.edit((text) => text.replace('"seq":2', '"seq":3'));

  const again = await rig.open();
  const { verdict } = await again.snapshot();

  assert.equal(verdict.kind, 'ok');
  const [begun] = await rig.lines();
  assert.deepEqual(begun?.facts['fault'], 'gap');
  assert.match(String(begun?.facts['aside']), /^20261121T120000Z-damaged$/);
});

test('facts that the store cannot keep for now are kept with the next ones', async () => {
  await using rig = await AuditRig.make();
  let isFull = false;
  const audit = await rig.open((store) => ({
    addAudit: (lines) => (isFull ? Promise.reject(new Error('full')) : store.addAudit(lines)),
  }));
  isFull = true;
  audit.record(fact('a'));
  await audit.flush();
  isFull = false;

  audit.record(fact('b'));
  await audit.flush();

  assert.ok(rig.events.some((event) => event.kind === 'store.failed'));
  assert.deepEqual(
    (await rig.lines()).map(({ facts }) => facts['volume']),
    [undefined, 'a', 'b'],
  );
});
