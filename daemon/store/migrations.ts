/**
 * The store's schema, one step an entry: entry N brings a database from `user_version` N to N + 1.
 * Steps are only ever appended; what was released is never edited.
 *
 * A change that touches several rows or tables is an INSERT into a view: its trigger does the work. That makes the change
 * one SQL statement, and one statement is atomic by itself. BEGIN and COMMIT in two calls would let another caller's
 * statement on the same connection slip in between.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE revisions (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE VIEW saving_revisions (change) AS SELECT NULL WHERE 0;
  CREATE TRIGGER save_revisions INSTEAD OF INSERT ON saving_revisions BEGIN
    DELETE FROM revisions WHERE name IN (SELECT key FROM json_each(NEW.change) WHERE type = 'null');
    INSERT INTO revisions (name, body) SELECT key, value FROM json_each(NEW.change) WHERE type <> 'null'
      ON CONFLICT (name) DO UPDATE SET body = excluded.body;
  END;

  CREATE TABLE inventory (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE VIEW saving_inventory (put, remove) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER save_inventory INSTEAD OF INSERT ON saving_inventory BEGIN
    DELETE FROM inventory WHERE id IN (SELECT value FROM json_each(NEW.remove));
    INSERT INTO inventory (id, body) SELECT value ->> 'id', value FROM json_each(NEW.put) WHERE true
      ON CONFLICT (id) DO UPDATE SET body = excluded.body;
  END;

  CREATE TABLE volume_ids (name TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE repository_ids (location TEXT PRIMARY KEY, id TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE schedules (policy TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE VIEW saving_schedules (put, remove) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER save_schedules INSTEAD OF INSERT ON saving_schedules BEGIN
    DELETE FROM schedules WHERE policy IN (SELECT value FROM json_each(NEW.remove));
    INSERT INTO schedules (policy, body) SELECT value ->> 'policy', value FROM json_each(NEW.put) WHERE true
      ON CONFLICT (policy) DO UPDATE SET body = excluded.body;
  END;

  -- ended_at is NULL while a run is open.
  CREATE TABLE runs (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, policy TEXT NOT NULL, ended_at TEXT, outcome TEXT, body TEXT NOT NULL) STRICT;
  CREATE INDEX runs_by_end ON runs (ended_at, seq);
  CREATE INDEX runs_by_policy ON runs (policy, seq);
  CREATE INDEX runs_by_outcome ON runs (policy, outcome, seq);
  CREATE VIEW beginning_run (run, schedule) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER begin_run INSTEAD OF INSERT ON beginning_run BEGIN
    INSERT INTO runs (id, policy, body) VALUES (NEW.run ->> 'id', NEW.run ->> 'policy', NEW.run);
    INSERT INTO schedules (policy, body) SELECT NEW.schedule ->> 'policy', NEW.schedule WHERE NEW.schedule IS NOT NULL
      ON CONFLICT (policy) DO UPDATE SET body = excluded.body;
  END;

  CREATE TABLE passes (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TRIGGER keep_passes AFTER INSERT ON passes BEGIN
    DELETE FROM passes WHERE seq <= NEW.seq - 1000;
  END;

  CREATE TABLE conditions (type TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE VIEW saving_conditions (conditions) AS SELECT NULL WHERE 0;
  CREATE TRIGGER save_conditions INSTEAD OF INSERT ON saving_conditions BEGIN
    DELETE FROM conditions;
    INSERT INTO conditions (type, body) SELECT value ->> 'type', value FROM json_each(NEW.conditions);
  END;

  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
];
