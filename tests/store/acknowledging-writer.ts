// A process of its own for the kill -9 test: writes for ever, and prints each number once its write is acknowledged.
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';

const store = await openSqliteStore({ file: process.argv[2] ?? '' });
for (let n = 1; ; n++) {
  const slot = new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
  await store.beginRun(
    { id: `r${n}`, policy: 'p', trigger: 'schedule', scheduledFor: slot, startedAt: slot },
    { policy: 'p', cron: '* * * * *', timezone: 'UTC', nextRunAt: slot },
  );
  process.stdout.write(`${n}\n`);
}
