import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sqlite3 from 'sqlite3';
import { Stalled } from '../../daemon/errors.ts';
import { openSqliteStore } from '../../daemon/store/sqlite-store.ts';
import { auditContract } from './audit-contract.ts';
import { retentionContract } from './retention-contract.ts';
import { storeContract } from './store-contract.ts';

for (const contract of [storeContract, auditContract, retentionContract])
  contract('sqlite', (folder) => openSqliteStore({ file: join(folder, 'anchord.db') }));

test('the database and its side files can be read by root alone', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'anchord.db');
    await writeFile(file, '');
    await chmod(file, 0o666);

    await using store = await openSqliteStore({ file });
    await store.saveFact('a', 'b');

    for (const name of [file, `${file}-wal`, `${file}-shm`])
      assert.equal((await stat(name)).mode & 0o777, 0o600, name);
  });
});

test('a link in the place of the database is refused', async () => {
  await inFolder(async (folder) => {
    await symlink('/etc/passwd', join(folder, 'anchord.db'));

    await assert.rejects(openSqliteStore({ file: join(folder, 'anchord.db') }), {
      name: 'Stalled',
      reason: 'StoreUnavailable',
    });
  });
});

test('a file that is not a database is refused with what to do, and left as it is', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'anchord.db');
    await writeFile(file, 'this is not a database, but somebody may want it '.repeat(100));
    const before = await readFile(file);

    const error = await rejection(openSqliteStore({ file }));

    assert.equal(error.reason, 'StoreDamaged');
    assert.match(error.message, new RegExp(file));
    assert.match(error.next ?? '', /copy .*anchord\.db/);
    assert.deepEqual(await readFile(file), before);
  });
});

test('a database with a damaged page is refused and left as it is', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'anchord.db');
    {
      await using store = await openSqliteStore({ file });
      for (let index = 0; index < 200; index++) await store.saveFact(`fact-${index}`, 'x'.repeat(200));
    }
    const bytes = await readFile(file);
    bytes.fill(0x5a, bytes.length - 8192);
    await writeFile(file, bytes);

    const error = await rejection(openSqliteStore({ file }));

    assert.equal(error.reason, 'StoreDamaged');
    assert.deepEqual(await readFile(file), bytes);
  });
});

test('a database of a newer version is refused', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'anchord.db');
    {
      await using store = await openSqliteStore({ file });
      await store.saveFact('a', 'b');
    }
    await sql(file, 'PRAGMA user_version = 999');

    const error = await rejection(openSqliteStore({ file }));

    assert.equal(error.reason, 'StoreTooNew');
    assert.match(error.message, /version 999/);
  });
});

test('several openings of a new database at once all succeed', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'anchord.db');

    const stores = await Promise.all([1, 2, 3, 4].map(() => openSqliteStore({ file })));

    await Promise.all(stores.map((store, index) => store.saveFact(`f${index}`, 'x')));
    assert.equal(await stores[0]?.fact('f3'), 'x');
    for (const store of stores) await store[Symbol.asyncDispose]();
  });
});

test('whatever was acknowledged before kill -9 is there afterwards', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'anchord.db');
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('acknowledging-writer.js', import.meta.url)), file],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const exit = new Promise((resolve) => child.once('exit', resolve));
    let acknowledged = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === 150) child.kill('SIGKILL');
    }
    await exit;

    await using store = await openSqliteStore({ file });

    assert.ok(acknowledged >= 150);
    const [schedule] = await store.schedules();
    const open = await store.openRuns();
    assert.ok(
      open.length >= acknowledged,
      `${open.length} runs are there, ${acknowledged} were acknowledged`,
    );
    // The run and its schedule are one step: the schedule stands exactly where the newest run put it.
    assert.equal(schedule?.nextRunAt, open.at(-1)?.scheduledFor);
  });
});

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchord-sqlite-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rejection(promise: Promise<unknown>): Promise<Stalled> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof Stalled, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'it was opened' });
}

async function sql(file: string, statement: string): Promise<void> {
  const database = new sqlite3.Database(file);
  await new Promise<void>((resolve, reject) =>
    database.exec(statement, (error) => (error === null ? resolve() : reject(error))),
  );
  await new Promise((resolve) => database.close(resolve));
}
