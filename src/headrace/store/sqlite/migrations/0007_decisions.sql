-- What people are asked to decide, from the transaction that asks on, and links that let somebody answer.

-- `status`: open; decided; ended (closed without an answer: a timeout, a cancelled execution); overtaken (an
-- answer was given, and the task ended otherwise before it came). `users` is a JSON list, `shown` a JSON object.
CREATE TABLE decisions (
  execution_id TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  pointer TEXT NOT NULL,
  event_type TEXT NOT NULL,
  title TEXT NOT NULL,
  role TEXT,
  users TEXT,
  asked_at REAL NOT NULL,
  due_at REAL,
  status TEXT NOT NULL DEFAULT 'open',
  ended_at REAL,
  decided_by TEXT,
  via TEXT,
  choice TEXT,
  shown BLOB NOT NULL,
  answer BLOB,
  PRIMARY KEY (execution_id, run_id)
);
-- With all that the filters look at, so that a list of many passes over the others without their rows.
CREATE INDEX decisions_open ON decisions (
  namespace, asked_at, execution_id, run_id, flow, due_at, role, users, status
) WHERE status = 'open';
CREATE INDEX decisions_flow ON decisions (
  namespace, flow, asked_at, execution_id, run_id, due_at, role, users, status
) WHERE status = 'open';
CREATE INDEX decisions_ended ON decisions (namespace, ended_at, execution_id, run_id, flow, status)
WHERE status <> 'open';

CREATE TABLE decision_links (
  id TEXT NOT NULL PRIMARY KEY,
  execution_id TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  label TEXT NOT NULL,
  created_at REAL NOT NULL,
  created_by TEXT NOT NULL,
  expires_at REAL NOT NULL,
  used_at REAL,
  revoked_at REAL
);
CREATE INDEX decision_links_run ON decision_links (execution_id, run_id, created_at);
