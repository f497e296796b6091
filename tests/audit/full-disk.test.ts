import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import test from 'node:test';
import { withMounts } from '../files/privileges.ts';
import { SmallDisk } from '../rig/small-disk.ts';
import { AuditRig, fact } from './audit-rig.ts';

test(
  'lines for a full disk wait in the store, are told of, and follow when there is room',
  withMounts,
  async () => {
    await using rig = await AuditRig.make();
    using disk = SmallDisk.mount(dirname(rig.folder), '64k');
    const audit = await rig.open();

    disk.fill();
    for (let index = 0; index < 200; index++) audit.record(fact(`v${index}`));
    await audit.flush();
    const full = audit.fault;
    const { verdict } = await audit.snapshot();
    const waiting = (await rig.store.audit()).pending.length;
    disk.empty();
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
