import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { AuditRig, fact } from './audit-rig.ts';

const isRoot = process.getuid?.() === 0;

test(
  'lines for a full disk wait in the store, are told of, and follow when there is room',
  { skip: !isRoot && 'needs root to mount a small disk' },
  async () => {
    await using rig = await AuditRig.make();
    const disk = dirname(rig.folder);
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', disk]);
    using _mounted = { [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', disk]) };
    const audit = await rig.open();
    const ballast = join(disk, 'ballast');

    fillUp(ballast);
    for (let index = 0; index < 200; index++) audit.record(fact(`v${index}`));
    await audit.flush();
    const full = audit.fault;
    const { verdict } = await audit.snapshot();
    const waiting = (await rig.store.audit()).pending.length;
    rmSync(ballast);
    audit.record(fact('room'));
    await audit.flush();

    assert.equal(full?.reason, 'AuditBehind');
    assert.match(full.message, /ENOSPC/);
    assert.equal(verdict.kind, 'ok');
    assert.ok(waiting > 0);
    assert.equal(audit.fault, undefined);
    assert.equal((await rig.lines()).length, 202);
    assert.equal(statSync(rig.path()).size, audit.head.bytes);
  },
);

function fillUp(file: string): void {
  for (let size = 64; size > 0; size--) {
    try {
      writeFileSync(file, Buffer.alloc(size * 1024));
      return;
    } catch {
      rmSync(file, { force: true }); // it was too much: a little less
    }
  }
}
