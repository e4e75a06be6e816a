-- Queues and their items.
--
-- One table holds the items in every state; each state has an index of its own that only its items are in,
-- so that leasing costs the same whether a thousand or a million are queued.

CREATE TABLE queues (
  queue INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  options BLOB NOT NULL,
  -- Counted by whoever changes items, in the same transaction.
  ready INTEGER NOT NULL DEFAULT 0,
  delayed INTEGER NOT NULL DEFAULT 0,
  leased INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  enqueued_total INTEGER NOT NULL DEFAULT 0,
  completed_total INTEGER NOT NULL DEFAULT 0,
  retried_total INTEGER NOT NULL DEFAULT 0,
  expired_total INTEGER NOT NULL DEFAULT 0,
  dead_total INTEGER NOT NULL DEFAULT 0,
  -- The last place in the order of serving, and the last token, that were given out.
  position INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE items (
  seq INTEGER NOT NULL PRIMARY KEY,
  queue INTEGER NOT NULL,
  id TEXT NOT NULL,
  state INTEGER NOT NULL,  -- 0 ready, 1 delayed, 2 leased, 3 completed, 4 dead
  priority INTEGER NOT NULL,
  position INTEGER NOT NULL,
  -- Delayed: when it becomes ready. Leased: when the lease ends. Completed, dead: since when.
  due_at REAL,
  token INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER,  -- NULL: the queue's
  enqueued_at REAL NOT NULL,
  leased_at REAL,
  worker TEXT,
  extensions INTEGER NOT NULL DEFAULT 0,  -- of the last lease
  extended_at REAL,
  reason TEXT,  -- dead: attempts, final, expired
  large INTEGER NOT NULL,  -- 1: the payload lies in bodies
  error TEXT,
  log BLOB,  -- the history before the last lease, JSON
  headers BLOB,  -- JSON
  payload BLOB,
  result BLOB
);
CREATE UNIQUE INDEX items_id ON items (queue, id);
CREATE INDEX items_ready ON items (queue, priority DESC, position) WHERE state = 0;
CREATE INDEX items_delayed ON items (queue, due_at) WHERE state = 1;
CREATE INDEX items_leased ON items (queue, due_at) WHERE state = 2;
CREATE INDEX items_completed ON items (queue, due_at) WHERE state = 3;
CREATE INDEX items_dead ON items (queue, due_at) WHERE state = 4;

-- Large payloads apart: each change of an item's state writes its whole row anew.
CREATE TABLE bodies (
  seq INTEGER NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL
);
CREATE TRIGGER bodies_of_completed AFTER UPDATE OF state ON items WHEN new.state = 3 AND old.large
BEGIN
  DELETE FROM bodies WHERE seq = old.seq;
END;
CREATE TRIGGER bodies_of_deleted AFTER DELETE ON items WHEN old.large
BEGIN
  DELETE FROM bodies WHERE seq = old.seq;
END;

CREATE TABLE dedupe (
  queue INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  id TEXT NOT NULL,
  until REAL NOT NULL,
  PRIMARY KEY (queue, "key")
) WITHOUT ROWID;
CREATE INDEX dedupe_until ON dedupe (queue, until);
