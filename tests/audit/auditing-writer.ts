// A process of its own for the kill -9 tests: adopts volumes for ever, and prints each number once it is acknowledged.
import { AuditLog } from '../../daemon/audit/audit-log.ts';
import { AuditedStore } from '../../daemon/audit/audited-store.ts';
import { systemClock } from '../../daemon/clock.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';

const [, , file = '', folder = ''] = process.argv;
const store = await openSqliteStore({ file });
const audit = await AuditLog.open({ host: 'motoko', folder, store, clock: systemClock, emit: () => {} });
const audited = new AuditedStore(store, audit);
const before = (await store.volumeIds()).size;
for (let n = before + 1; ; n++) {
  audit.record({ kind: 'guard.passed', facts: { volume: `v${n}` } });
  await audited.rememberVolume(`v${n}`, `id ${n}`);
  process.stdout.write(`${n}\n`);
}
