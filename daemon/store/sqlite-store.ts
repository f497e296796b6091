import type { Pass } from '../../state-schema/generated/history.ts';
import type { Condition, Run } from '../../state-schema/generated/status.ts';
import { openSqlite, type SqliteConnection, type Value } from './sqlite-connection.ts';
import type { AuditEntry, AuditLine, AuditState, ChainHead } from './audit-entry.ts';
import type {
  InventoryItem,
  OpenRun,
  OutgoingMessage,
  PassDeed,
  Revisions,
  RevisionsChange,
  ScheduleRow,
  Store,
  WaitingMessage,
} from './store.ts';

/** Opens the store in one SQLite file, made when absent. Throws `Stalled` when it is damaged or from a newer version. */
export async function openSqliteStore(options: { readonly file: string }): Promise<Store> {
  return new SqliteStore(await openSqlite(options.file));
}

interface BodyRow {
  readonly body: string;
}

/** Every write is one SQL statement, see migrations.ts for those that change more than a row. */
class SqliteStore implements Store {
  readonly #database: SqliteConnection;

  constructor(database: SqliteConnection) {
    this.#database = database;
  }

  async revisions(): Promise<Revisions> {
    const rows = await this.#database.all<BodyRow & { name: string }>('SELECT name, body FROM revisions');
    return parsed<Revisions>(`{${rows.map((row) => `${JSON.stringify(row.name)}:${row.body}`).join(',')}}`);
  }

  async saveRevisions(change: RevisionsChange, audit?: AuditEntry): Promise<void> {
    // Values travel as JSON text inside the JSON, so that an object and a string come out alike.
    const entries = Object.entries(change).filter(([, value]) => value !== undefined);
    const encoded = entries.map(([name, value]) => [name, value === null ? null : JSON.stringify(value)]);
    await this.#database.run('INSERT INTO saving_revisions (change, audit) VALUES (?, ?)', [
      JSON.stringify(Object.fromEntries(encoded)),
      jsonOrNull(audit),
    ]);
  }

  async inventory(): Promise<readonly InventoryItem[]> {
    return await this.#bodies<InventoryItem>('SELECT body FROM inventory ORDER BY id');
  }

  async saveInventory(change: {
    readonly put: readonly InventoryItem[];
    readonly remove: readonly string[];
  }): Promise<void> {
    await this.#database.run('INSERT INTO saving_inventory (put, remove) VALUES (?, ?)', [
      JSON.stringify(change.put),
      JSON.stringify(change.remove),
    ]);
  }

  async volumeIds(): Promise<ReadonlyMap<string, string>> {
    return await this.#map('SELECT name AS key, id AS value FROM volume_ids');
  }

  async rememberVolume(name: string, id: string, audit?: AuditEntry): Promise<void> {
    await this.#database.run('INSERT INTO remembering_volume (name, id, audit) VALUES (?, ?, ?)', [
      name,
      id,
      jsonOrNull(audit),
    ]);
  }

  async repositoryIds(): Promise<ReadonlyMap<string, string>> {
    return await this.#map('SELECT location AS key, id AS value FROM repository_ids');
  }

  async rememberRepository(location: string, id: string, audit?: AuditEntry): Promise<void> {
    await this.#database.run('INSERT INTO remembering_repository (location, id, audit) VALUES (?, ?, ?)', [
      location,
      id,
      jsonOrNull(audit),
    ]);
  }

  async schedules(): Promise<readonly ScheduleRow[]> {
    return await this.#bodies<ScheduleRow>('SELECT body FROM schedules ORDER BY policy');
  }

  async saveSchedules(change: {
    readonly put: readonly ScheduleRow[];
    readonly remove: readonly string[];
  }): Promise<void> {
    await this.#database.run('INSERT INTO saving_schedules (put, remove) VALUES (?, ?)', [
      JSON.stringify(change.put),
      JSON.stringify(change.remove),
    ]);
  }

  async beginRun(run: OpenRun, schedule?: ScheduleRow): Promise<void> {
    const values = [JSON.stringify(run), jsonOrNull(schedule)];
    await this.#database.run('INSERT INTO beginning_run (run, schedule) VALUES (?, ?)', values);
  }

  async endRun(run: Run, audit?: AuditEntry): Promise<void> {
    const values = [JSON.stringify(run), jsonOrNull(audit)];
    await this.#database.run('INSERT INTO ending_run (run, audit) VALUES (?, ?)', values);
  }

  async openRuns(): Promise<readonly OpenRun[]> {
    return await this.#bodies<OpenRun>('SELECT body FROM runs WHERE ended_at IS NULL ORDER BY seq');
  }

  async runs(filter: {
    readonly since?: string;
    readonly policy?: string;
    readonly limit?: number;
  }): Promise<readonly Run[]> {
    return await this.#bodies<Run>(
      `SELECT body FROM runs WHERE ended_at IS NOT NULL AND ended_at >= ?1 AND (?2 IS NULL OR policy = ?2)
       ORDER BY ended_at DESC, seq DESC LIMIT ?3`,
      [filter.since ?? '', filter.policy ?? null, filter.limit ?? -1],
    );
  }

  /** By the order they began in, not by the clock: one run with a date in the future must not stay the last one for years. */
  async lastRuns(): Promise<ReadonlyMap<string, { readonly last: Run; readonly lastOk?: Run }>> {
    const rows = await this.#database.all<{ policy: string; last: string; last_ok: string | null }>(
      `SELECT policy,
         (SELECT body FROM runs WHERE policy = p.policy AND ended_at IS NOT NULL ORDER BY seq DESC LIMIT 1) AS last,
         (SELECT body FROM runs WHERE policy = p.policy AND outcome = 'ok' ORDER BY seq DESC LIMIT 1) AS last_ok
       FROM (SELECT DISTINCT policy FROM runs WHERE ended_at IS NOT NULL) AS p`,
    );
    return new Map(
      rows.map((row) => [
        row.policy,
        {
          last: parsed<Run>(row.last),
          ...(row.last_ok === null ? {} : { lastOk: parsed<Run>(row.last_ok) }),
        },
      ]),
    );
  }

  async addPass(pass: Pass, _deeds?: readonly PassDeed[], audit?: AuditEntry): Promise<void> {
    const values = [JSON.stringify(pass), jsonOrNull(audit)];
    await this.#database.run('INSERT INTO adding_pass (pass, audit) VALUES (?, ?)', values);
  }

  async passes(limit: number): Promise<readonly Pass[]> {
    return await this.#bodies<Pass>('SELECT body FROM passes ORDER BY seq DESC LIMIT ?', [limit]);
  }

  async conditions(): Promise<readonly Condition[]> {
    return await this.#bodies<Condition>('SELECT body FROM conditions ORDER BY type');
  }

  async saveConditions(conditions: readonly Condition[]): Promise<void> {
    await this.#database.run('INSERT INTO saving_conditions (conditions) VALUES (?)', [
      JSON.stringify(conditions),
    ]);
  }

  async audit(): Promise<AuditState> {
    // One statement, so that a line added meanwhile is either in both or in neither.
    const [row] = await this.#database.all<{ heads: string; pending: string }>(
      `SELECT (SELECT json_group_object(name, json(body)) FROM audit_heads) AS heads,
         (SELECT json_group_array(json(body)) FROM (SELECT body FROM audit_pending ORDER BY seq)) AS pending`,
    );
    const pending = parsed<readonly AuditLine[]>(row?.pending ?? '[]');
    return { ...parsed<Omit<AuditState, 'pending'>>(row?.heads ?? '{}'), pending };
  }

  async addAudit(lines: AuditEntry): Promise<void> {
    await this.#database.run('INSERT INTO adding_audit (lines) VALUES (?)', [JSON.stringify(lines)]);
  }

  async auditWritten(written: ChainHead): Promise<void> {
    await this.#database.run('INSERT INTO flushing_audit (written) VALUES (?)', [JSON.stringify(written)]);
  }

  async setAuditHeads(heads: Omit<AuditState, 'pending'>): Promise<void> {
    await this.#database.run(
      `INSERT INTO audit_heads (name, body) SELECT key, value FROM json_each(?) WHERE true
       ON CONFLICT (name) DO UPDATE SET body = excluded.body`,
      [JSON.stringify(heads)],
    );
  }

  async outbox(): Promise<readonly WaitingMessage[]> {
    return await this.#database.all<WaitingMessage>('SELECT seq, target, body FROM outbox ORDER BY seq');
  }

  async tell(told: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const values = [told, JSON.stringify(messages)];
    await this.#database.run('INSERT INTO telling (told, messages) VALUES (?, ?)', values);
  }

  async settleMessage(seq: number | null, target: string, delivery: string): Promise<void> {
    const values = [seq, target, delivery];
    await this.#database.run('INSERT INTO settling_message (seq, target, delivery) VALUES (?, ?, ?)', values);
  }

  async fact(name: string): Promise<string | undefined> {
    const [row] = await this.#database.all<{ value: string }>('SELECT value FROM facts WHERE name = ?', [
      name,
    ]);
    return row?.value;
  }

  async copyTo(file: string): Promise<void> {
    // One read transaction: who writes meanwhile neither waits nor shows in it.
    await this.#database.run('VACUUM INTO ?', [file]);
  }

  async saveFact(name: string, value: string | null): Promise<void> {
    if (value === null) await this.#database.run('DELETE FROM facts WHERE name = ?', [name]);
    else
      await this.#database.run(
        'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        [name, value],
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.close();
  }

  async #bodies<T>(sql: string, values: readonly Value[] = []): Promise<readonly T[]> {
    const rows = await this.#database.all<BodyRow>(sql, values);
    return rows.map((row) => parsed<T>(row.body));
  }

  async #map(sql: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.all<{ key: string; value: string }>(sql);
    return new Map(rows.map((row) => [row.key, row.value]));
  }
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** Every body was written by this class from the same type, so it is not checked again. */
function parsed<T>(body: string): T {
  return JSON.parse(body) as T;
}
