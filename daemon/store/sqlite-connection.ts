import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type sqlite3 from 'sqlite3';
import { Stalled, Transient } from '../errors.ts';
import { migrations } from './migrations.ts';

/** How long a statement waits for another process (a command-line run beside the daemon) before it fails. */
const BUSY_TIMEOUT_MS = 10_000;
const WAL_TRIES = 100;
const WAL_RETRY_MS = 20;

/** What SQLite can bind to a `?`. */
export type Value = string | number | null;

/** One open database. Statements run one after another, in the order they were asked for; each is atomic by itself. */
export interface SqliteConnection {
  /** Runs one statement that returns nothing. */
  run(sql: string, values?: readonly Value[]): Promise<void>;
  /** Runs one query; `Row` is what its columns are, as the schema in migrations.ts has them. */
  all<Row>(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/**
 * Opens the database file, making it (mode 0600) when it is not there, checks that it is whole and brings its schema up to date.
 * Throws `Stalled` when it is damaged or newer than this program; it is then left exactly as found.
 */
export async function openSqlite(file: string): Promise<SqliteConnection> {
  const driver = await loadDriver();
  await makeFile(file);
  const database = await connect(driver, file);
  const connection = wrap(database, file);
  try {
    await prepare(database, connection, file);
    return connection;
  } catch (error) {
    await connection.close();
    throw explained(error, file);
  }
}

async function loadDriver(): Promise<typeof sqlite3> {
  try {
    return (await import('sqlite3')).default;
  } catch (error) {
    throw new Stalled(
      {
        reason: 'StoreUnavailable',
        message: `the package sqlite3, which the store needs, cannot be loaded: ${firstLine(error)}`,
        next: 'npm rebuild sqlite3 (needs g++, make and python3)',
      },
      { cause: error },
    );
  }
}

/** SQLite gives its -wal and -shm files the mode of the database, so this is the one place that sets it. */
async function makeFile(file: string): Promise<void> {
  const handle = await openRefusingLinks(file);
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const folder = await open(dirname(file), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openRefusingLinks(file: string): ReturnType<typeof open> {
  try {
    return await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    throw new Stalled(
      {
        reason: 'StoreUnavailable',
        message: `the store ${file} cannot be opened: ${firstLine(error)}`,
        next: `ls -la ${dirname(file)}`,
      },
      { cause: error },
    );
  }
}

function connect(driver: typeof sqlite3, file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new driver.Database(file, driver.OPEN_READWRITE, (error) => {
      if (error === null) resolve(database);
      else reject(explained(error, file));
    });
    // One after another: a read sees every write that was asked for before it.
    database.serialize();
    database.configure('busyTimeout', BUSY_TIMEOUT_MS);
  });
}

async function prepare(
  database: sqlite3.Database,
  connection: SqliteConnection,
  file: string,
): Promise<void> {
  await enterWal(connection);
  // FULL: an acknowledged write survives a power cut. NORMAL would only survive a crash of the program.
  await connection.run('PRAGMA synchronous = FULL');
  const [check] = await connection.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
  if (check?.integrity_check !== 'ok')
    throw damaged(file, check?.integrity_check ?? 'the check gave no answer');
  await migrate(database, connection, file);
}

/** Only the first opening of a new file really changes the mode, and SQLite does not wait for another process doing just that. */
async function enterWal(connection: SqliteConnection): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await connection.all('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_BUSY' || tries === WAL_TRIES) throw error;
      await setTimeout(WAL_RETRY_MS);
    }
  }
}

async function migrate(
  database: sqlite3.Database,
  connection: SqliteConnection,
  file: string,
): Promise<void> {
  const version = await schemaVersion(connection);
  if (version > migrations.length) throw tooNew(file, version);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    try {
      await execute(database, `BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT;`);
    } catch (error) {
      await execute(database, 'ROLLBACK').catch(() => {
        // BEGIN itself failed: there is nothing to roll back, and `error` says why.
      });
      // Another process that opened the same new file may have taken this step while we waited for its lock.
      if ((await schemaVersion(connection)) <= index) throw error;
    }
  }
}

async function schemaVersion(connection: SqliteConnection): Promise<number> {
  const [row] = await connection.all<{ user_version: number }>('PRAGMA user_version');
  return row?.user_version ?? 0;
}

function execute(database: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    database.exec(sql, (error) => (error === null ? resolve() : reject(error)));
  });
}

function wrap(database: sqlite3.Database, file: string): SqliteConnection {
  return {
    run: (sql, values = []) =>
      new Promise((resolve, reject) => {
        database.run(sql, [...values], (error: Error | null) =>
          error === null ? resolve() : reject(worded(error, file)),
        );
      }),
    all: <Row>(sql: string, values: readonly Value[] = []) =>
      new Promise<readonly Row[]>((resolve, reject) => {
        database.all<Row>(sql, [...values], (error, rows) =>
          error === null ? resolve(rows) : reject(worded(error, file)),
        );
      }),
    close: () =>
      new Promise((resolve, reject) => {
        database.close((error) => (error === null ? resolve() : reject(error)));
      }),
  };
}

function explained(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') return damaged(file, firstLine(error), error);
  return error;
}

/** What the disk under the store does not do, in words; it may do it next time. Anything else stays as it is. */
function worded(error: Error, file: string): Error {
  const code = sqliteCode(error);
  const options = { cause: error };
  if (code === 'SQLITE_FULL') {
    const message = `the store ${file} cannot be written: its disk is full`;
    return new Transient({ reason: 'NoSpace', message, next: `make room: df ${dirname(file)}` }, options);
  }
  if (code === 'SQLITE_IOERR') {
    const message = `the store ${file} cannot be read or written: ${firstLine(error)}`;
    const next = `look at its disk, which may only be full: df ${dirname(file)}; dmesg`;
    return new Transient({ reason: 'InputOutputError', message, next }, options);
  }
  return error;
}

function sqliteCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function damaged(file: string, found: string, cause?: unknown): Stalled {
  return new Stalled(
    {
      reason: 'StoreDamaged',
      message: `the store ${file} is damaged (${found}); nothing in it was changed`,
      next: `stop anchord, copy ${file}, ${file}-wal and ${file}-shm away, then put a backup in their place or move them aside to start anew (repository and volume ids must then be confirmed again)`,
    },
    cause === undefined ? {} : { cause },
  );
}

function tooNew(file: string, version: number): Stalled {
  return new Stalled({
    reason: 'StoreTooNew',
    message: `the store ${file} was written by a newer anchord: its schema is version ${version}, this program knows up to ${migrations.length}`,
    next: 'install the newer anchord again, or put back the store of before the upgrade',
  });
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
