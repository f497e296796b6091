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
  `
  -- Lines of the audit that are not known to be in their file yet, and where its chain stands: 'head' after the last line,
  -- 'written' after the last one that is in its file, 'base' after the last one that was given up.
  CREATE TABLE audit_pending (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE audit_heads (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  -- Takes [{text, head}, …], or null for nothing. A line that does not follow the last one fails the whole change.
  CREATE VIEW adding_audit (lines) AS SELECT NULL WHERE 0;
  CREATE TRIGGER add_audit INSTEAD OF INSERT ON adding_audit WHEN NEW.lines IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'the line does not follow the last one of the audit')
      WHERE NEW.lines ->> '$[0].head.seq' <> 1 + coalesce((SELECT body ->> 'seq' FROM audit_heads WHERE name = 'head'), 0);
    INSERT INTO audit_pending (seq, body) SELECT value -> 'head' ->> 'seq', value FROM json_each(NEW.lines);
    INSERT INTO audit_heads (name, body) VALUES ('head', NEW.lines -> '$[#-1].head')
      ON CONFLICT (name) DO UPDATE SET body = excluded.body;
  END;
  CREATE VIEW flushing_audit (written) AS SELECT NULL WHERE 0;
  CREATE TRIGGER flush_audit INSTEAD OF INSERT ON flushing_audit BEGIN
    DELETE FROM audit_pending WHERE seq <= NEW.written ->> 'seq';
    INSERT INTO audit_heads (name, body) VALUES ('written', NEW.written)
      ON CONFLICT (name) DO UPDATE SET body = excluded.body;
  END;

  -- What the audit tells of takes its lines along.
  DROP VIEW saving_revisions;
  CREATE VIEW saving_revisions (change, audit) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER save_revisions INSTEAD OF INSERT ON saving_revisions BEGIN
    DELETE FROM revisions WHERE name IN (SELECT key FROM json_each(NEW.change) WHERE type = 'null');
    INSERT INTO revisions (name, body) SELECT key, value FROM json_each(NEW.change) WHERE type <> 'null'
      ON CONFLICT (name) DO UPDATE SET body = excluded.body;
    INSERT INTO adding_audit (lines) VALUES (NEW.audit);
  END;
  CREATE VIEW remembering_volume (name, id, audit) AS SELECT NULL, NULL, NULL WHERE 0;
  CREATE TRIGGER remember_volume INSTEAD OF INSERT ON remembering_volume BEGIN
    INSERT INTO volume_ids (name, id) VALUES (NEW.name, NEW.id) ON CONFLICT (name) DO UPDATE SET id = excluded.id;
    INSERT INTO adding_audit (lines) VALUES (NEW.audit);
  END;
  CREATE VIEW remembering_repository (location, id, audit) AS SELECT NULL, NULL, NULL WHERE 0;
  CREATE TRIGGER remember_repository INSTEAD OF INSERT ON remembering_repository BEGIN
    INSERT INTO repository_ids (location, id) VALUES (NEW.location, NEW.id)
      ON CONFLICT (location) DO UPDATE SET id = excluded.id;
    INSERT INTO adding_audit (lines) VALUES (NEW.audit);
  END;
  CREATE VIEW ending_run (run, audit) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER end_run INSTEAD OF INSERT ON ending_run BEGIN
    INSERT INTO runs (id, policy, ended_at, outcome, body)
      VALUES (NEW.run ->> 'id', NEW.run ->> 'policy', NEW.run ->> 'endedAt', NEW.run ->> 'outcome', NEW.run)
      ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, body = excluded.body;
    INSERT INTO adding_audit (lines) VALUES (NEW.audit);
    -- The history tells of 30 days. Older runs go, a few at each end of a run, but never one that says when a policy
    -- last ran or last ran well, nor its newest 50: a clock that jumped ahead must not empty the history.
    DELETE FROM runs WHERE seq IN (
      SELECT seq FROM runs AS old
      WHERE ended_at < strftime('%Y-%m-%dT%H:%M:%SZ', NEW.run ->> 'endedAt', '-31 days')
        AND seq < coalesce((SELECT seq FROM runs WHERE policy = old.policy ORDER BY seq DESC LIMIT 1 OFFSET 49), 0)
        AND seq <> coalesce((SELECT max(seq) FROM runs WHERE policy = old.policy AND outcome = 'ok'), 0)
      ORDER BY ended_at LIMIT 20);
  END;
  -- The history tells of the last 50.
  DROP TRIGGER keep_passes;
  CREATE VIEW adding_pass (pass, audit) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER add_pass INSTEAD OF INSERT ON adding_pass BEGIN
    INSERT INTO passes (body) VALUES (NEW.pass);
    DELETE FROM passes WHERE seq IN (
      SELECT seq FROM passes WHERE seq < (SELECT seq FROM passes ORDER BY seq DESC LIMIT 1 OFFSET 49) ORDER BY seq LIMIT 100);
    INSERT INTO adding_audit (lines) VALUES (NEW.audit);
  END;
  `,
  `
  -- Messages that wait for their delivery. Numbers are not used again, so that none is taken for another.
  CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  -- What was told and the messages that tell it are one change; so are the end of a message and what is known of its target.
  CREATE VIEW telling (told, messages) AS SELECT NULL, NULL WHERE 0;
  CREATE TRIGGER tell INSTEAD OF INSERT ON telling BEGIN
    INSERT INTO facts (name, value) VALUES ('notify.told', NEW.told)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value;
    INSERT INTO outbox (target, body) SELECT value ->> 'target', value ->> 'body' FROM json_each(NEW.messages);
  END;
  CREATE VIEW settling_message (seq, target, delivery) AS SELECT NULL, NULL, NULL WHERE 0;
  CREATE TRIGGER settle_message INSTEAD OF INSERT ON settling_message BEGIN
    DELETE FROM outbox WHERE seq = NEW.seq;
    INSERT INTO facts (name, value) VALUES ('notify.target.' || NEW.target, NEW.delivery)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value;
  END;
  `,
];
