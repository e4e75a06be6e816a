-- Triggers: their state, the firings that started nothing, events that wait for others.

CREATE TABLE triggers (
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  cursor REAL,
  note BLOB,
  PRIMARY KEY (namespace, flow, "trigger")
) WITHOUT ROWID;

CREATE TABLE firings (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  at REAL NOT NULL,
  outcome TEXT NOT NULL,
  "key" TEXT,
  execution_id TEXT,
  reason TEXT,
  due_at REAL,
  "count" INTEGER NOT NULL
);
CREATE INDEX firings_trigger ON firings (namespace, flow, "trigger", at, sequence);

CREATE TABLE gathered_events (
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  id TEXT NOT NULL,
  since REAL NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (namespace, flow, "trigger", id)
);

CREATE INDEX executions_trigger ON executions (namespace, name, "trigger", created_at, id)
WHERE "trigger" IS NOT NULL;

-- Events of two namespaces may have the same source and id. '' is the engine inside a program.
ALTER TABLE events ADD COLUMN namespace TEXT NOT NULL DEFAULT '';
DROP INDEX events_identity;
CREATE UNIQUE INDEX events_identity ON events (namespace, source, id);
