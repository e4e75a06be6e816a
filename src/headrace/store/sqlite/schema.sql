-- The newest schema, from scratch: what all migrations together come to (a test holds this). For reading;
-- a store is made by the migrations.
--
-- Executions, their state and history, and what belongs to them.
--
-- Payload columns (type BLOB) hold JSON text as a BLOB value, or, when it is larger than the blob
-- threshold, the SHA-256 of it in hexadecimal as a TEXT value: the storage class is the marker.

CREATE TABLE migrations (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at REAL NOT NULL
);

CREATE TABLE executions (
  id TEXT NOT NULL PRIMARY KEY,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  workflow_version TEXT NOT NULL,
  definition_digest TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at REAL NOT NULL,
  "key" TEXT,
  started_at REAL,
  ended_at REAL,
  parent_id TEXT,
  parent_run_id INTEGER,
  rerun_of TEXT,
  rerun_run_id INTEGER,
  "trigger" TEXT,
  input BLOB,
  output BLOB,
  error BLOB
  , started_by TEXT, started_by_name TEXT);
-- With the names, so that a list of one namespace passes over the others without looking at their rows.
CREATE INDEX executions_created ON executions (created_at, id, namespace, name);
CREATE INDEX executions_name ON executions (namespace, name, created_at, id, workflow_version);
CREATE UNIQUE INDEX executions_key ON executions (namespace, name, "key") WHERE "key" IS NOT NULL;
-- Nearly all executions are completed: an index of the others answers "what runs, waits or failed?".
CREATE INDEX executions_status ON executions (status, created_at, id, namespace, name)
WHERE status <> 'completed';
CREATE INDEX executions_parent ON executions (parent_id, created_at, id) WHERE parent_id IS NOT NULL;
CREATE INDEX executions_rerun ON executions (rerun_of, created_at, id) WHERE rerun_of IS NOT NULL;
CREATE INDEX executions_trigger ON executions (namespace, name, "trigger", created_at, id)
WHERE "trigger" IS NOT NULL;
CREATE INDEX executions_started_by ON executions (namespace, started_by, created_at, id)
WHERE started_by IS NOT NULL;

-- One row per execution that is not final.
CREATE TABLE states (
  execution_id TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  next_due REAL,
  in_flight INTEGER NOT NULL,
  data BLOB NOT NULL
);
CREATE INDEX states_due ON states (next_due, execution_id) WHERE next_due IS NOT NULL;
CREATE INDEX states_in_flight ON states (execution_id) WHERE in_flight = 1;

-- A table with a rowid: rows are appended where a WITHOUT ROWID table would spill payloads of 1 KiB
-- into overflow pages of their own. The key is the order in which history is read.
CREATE TABLE task_runs (
  execution_id TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  parent_id INTEGER NOT NULL,
  pointer TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  started_sequence INTEGER NOT NULL,
  ended_sequence INTEGER NOT NULL,
  started_at REAL NOT NULL,
  ended_at REAL NOT NULL,
  attempt INTEGER NOT NULL,
  iteration INTEGER,
  carried INTEGER NOT NULL,
  "count" INTEGER NOT NULL,
  input BLOB,
  output BLOB,
  error BLOB,
  variables BLOB,
  context BLOB,
  details BLOB, worker TEXT,
  PRIMARY KEY (execution_id, ended_sequence)
);

-- `type` is '' for a subscription to every event (no CloudEvent has an empty type).
CREATE TABLE subscriptions (
  execution_id TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  PRIMARY KEY (execution_id, run_id, type)
) WITHOUT ROWID;
CREATE INDEX subscriptions_type ON subscriptions (type, execution_id);

-- AUTOINCREMENT: a sequence number is never given twice, not even after the last events were pruned.
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  published_at REAL NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0,
  event BLOB NOT NULL
, namespace TEXT NOT NULL DEFAULT '');
-- Events of two namespaces may have the same source and id. '' is the engine inside a program.
CREATE UNIQUE INDEX events_identity ON events (namespace, source, id);
CREATE INDEX events_undelivered ON events (sequence) WHERE delivered = 0;
CREATE INDEX events_delivered ON events (published_at) WHERE delivered = 1;

CREATE TABLE definitions (
  digest TEXT NOT NULL,
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  source TEXT NOT NULL,
  created_at REAL NOT NULL,
  PRIMARY KEY (namespace, name, version)
);
CREATE INDEX definitions_digest ON definitions (digest);

CREATE TABLE logs (
  sequence INTEGER PRIMARY KEY,
  execution_id TEXT NOT NULL,
  run_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  at REAL NOT NULL,
  stream TEXT NOT NULL,
  "text" TEXT NOT NULL
);
CREATE INDEX logs_run ON logs (execution_id, run_id);

-- Large payloads by content. The count of uses stands beside the data, not with it, because an
-- update rewrites its whole row.
CREATE TABLE blobs (
  hash TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE blob_uses (
  hash TEXT NOT NULL PRIMARY KEY,
  uses INTEGER NOT NULL
) WITHOUT ROWID;

-- Writers count a use for every marker that they write; the triggers below take it back whenever a
-- row with a marker is changed or deleted, whoever does it.
CREATE TRIGGER blob_unused AFTER UPDATE OF uses ON blob_uses WHEN new.uses <= 0 BEGIN
  DELETE FROM blobs WHERE hash = new.hash;
  DELETE FROM blob_uses WHERE hash = new.hash;
END;

CREATE TRIGGER states_updated AFTER UPDATE OF data ON states WHEN typeof(old.data) = 'text' BEGIN
  UPDATE blob_uses SET uses = uses - 1 WHERE hash = old.data;
END;
CREATE TRIGGER states_deleted AFTER DELETE ON states WHEN typeof(old.data) = 'text' BEGIN
  UPDATE blob_uses SET uses = uses - 1 WHERE hash = old.data;
END;
CREATE TRIGGER executions_deleted AFTER DELETE ON executions
WHEN typeof(old.input) = 'text' OR typeof(old.output) = 'text' OR typeof(old.error) = 'text' BEGIN
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.input) = 'text' AND hash = old.input;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.output) = 'text' AND hash = old.output;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.error) = 'text' AND hash = old.error;
END;
CREATE TRIGGER executions_updated AFTER UPDATE OF output, error ON executions
WHEN typeof(old.output) = 'text' OR typeof(old.error) = 'text' BEGIN
  UPDATE blob_uses SET uses = uses - 1
    WHERE typeof(old.output) = 'text' AND old.output IS NOT new.output AND hash = old.output;
  UPDATE blob_uses SET uses = uses - 1
    WHERE typeof(old.error) = 'text' AND old.error IS NOT new.error AND hash = old.error;
END;
CREATE TRIGGER task_runs_deleted AFTER DELETE ON task_runs
WHEN typeof(old.input) = 'text' OR typeof(old.output) = 'text' OR typeof(old.error) = 'text'
  OR typeof(old.variables) = 'text' OR typeof(old.context) = 'text' OR typeof(old.details) = 'text' BEGIN
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.input) = 'text' AND hash = old.input;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.output) = 'text' AND hash = old.output;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.error) = 'text' AND hash = old.error;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.variables) = 'text' AND hash = old.variables;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.context) = 'text' AND hash = old.context;
  UPDATE blob_uses SET uses = uses - 1 WHERE typeof(old.details) = 'text' AND hash = old.details;
END;
CREATE TRIGGER events_deleted AFTER DELETE ON events WHEN typeof(old.event) = 'text' BEGIN
  UPDATE blob_uses SET uses = uses - 1 WHERE hash = old.event;
END;

-- The large payloads that the state of an execution refers to.
CREATE TABLE state_payloads (
  execution_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (execution_id, hash)
) WITHOUT ROWID;
CREATE TRIGGER state_payloads_deleted AFTER DELETE ON state_payloads BEGIN
  UPDATE blob_uses SET uses = uses - 1 WHERE hash = old.hash;
END;

-- What is deployed, and what was. `text` is as it was written; `definitions` has what runs, by digest.
CREATE TABLE flowapps (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  digest TEXT NOT NULL,
  version TEXT NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  project TEXT,
  layout BLOB,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  updated_by TEXT NOT NULL,
  layout_saved_at REAL,
  layout_saved_by TEXT,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;

CREATE TABLE flowapp_versions (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  digest TEXT NOT NULL,
  version TEXT NOT NULL,
  "text" TEXT NOT NULL,
  message TEXT NOT NULL,
  applied_at REAL NOT NULL,
  applied_by TEXT NOT NULL,
  PRIMARY KEY (namespace, name, generation)
) WITHOUT ROWID;

-- Users, tokens, sessions, the log of changes, and sealed secrets.
--
-- `roles` is JSON, a role by namespace or `*`; `administrator` says that it has admin at `*` (and, for a
-- user, that they may log in, for a token, that it never expires): the last one of these stays.

CREATE TABLE users (
  name TEXT NOT NULL PRIMARY KEY,
  password_hash TEXT NOT NULL,
  roles TEXT NOT NULL,
  administrator INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  revision INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX users_administrators ON users (name) WHERE administrator = 1;

CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  administrator INTEGER NOT NULL,
  created_at REAL NOT NULL,
  created_by TEXT NOT NULL,
  expires_at REAL,
  last_used_at REAL
) WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_administrators ON tokens (id) WHERE administrator = 1;

CREATE TABLE sessions (
  hash BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  roles TEXT,
  created_at REAL NOT NULL,
  seen_at REAL NOT NULL,
  expires_at REAL NOT NULL,
  address TEXT
) WITHOUT ROWID;
CREATE INDEX sessions_subject ON sessions (kind, subject, created_at);
CREATE INDEX sessions_created ON sessions (created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Attempts to log in, by what is limited (a hash of an address or of a user's name), since the first.
CREATE TABLE login_attempts (
  subject TEXT NOT NULL PRIMARY KEY,
  attempts INTEGER NOT NULL,
  since REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_attempts_since ON login_attempts (since);

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  principal TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT,
  action TEXT NOT NULL,
  namespace TEXT,
  object TEXT NOT NULL,
  before BLOB,
  after BLOB,
  request_id TEXT
);
CREATE INDEX audit_namespace ON audit (namespace, sequence);
CREATE INDEX audit_principal ON audit (principal, sequence);
CREATE INDEX audit_object ON audit (object, sequence);
CREATE INDEX audit_action ON audit (action, sequence);
CREATE INDEX audit_request ON audit (request_id, sequence) WHERE request_id IS NOT NULL;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'the audit log is only added to');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
  SELECT raise(ABORT, 'the audit log is only added to');
END;

CREATE TABLE secrets (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  updated_at REAL NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;

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

-- Alerts.

CREATE TABLE alert_rules (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  updated_at REAL NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;

-- `rule` and `flow` NULL: all of them.
CREATE TABLE alert_silences (
  id TEXT NOT NULL PRIMARY KEY,
  namespace TEXT NOT NULL,
  rule TEXT,
  flow TEXT,
  until REAL NOT NULL,
  reason TEXT NOT NULL,
  created_at REAL NOT NULL,
  created_by TEXT NOT NULL
);
CREATE INDEX alert_silences_namespace ON alert_silences (namespace, until);

-- `flow` is '' for a rule of the namespace. What happens before `window_until` is told together, then.
CREATE TABLE alert_notifications (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  rule TEXT NOT NULL,
  state TEXT NOT NULL,
  "count" INTEGER NOT NULL,
  events TEXT NOT NULL,
  alert TEXT NOT NULL,
  created_at REAL NOT NULL,
  send_at REAL NOT NULL,
  window_until REAL NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT,
  ended_at REAL
);
CREATE UNIQUE INDEX alert_notifications_id ON alert_notifications (id);
CREATE INDEX alert_notifications_due ON alert_notifications (send_at, sequence) WHERE status = 'pending';
CREATE INDEX alert_notifications_rule ON alert_notifications (namespace, flow, rule, state, sequence);
CREATE INDEX alert_notifications_namespace ON alert_notifications (namespace, sequence);
CREATE INDEX alert_notifications_ended ON alert_notifications (ended_at) WHERE ended_at IS NOT NULL;

-- What a rule has told of already, so that it tells it once whatever happens in between.
CREATE TABLE alert_seen (
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  rule TEXT NOT NULL,
  "key" TEXT NOT NULL,
  at REAL NOT NULL,
  PRIMARY KEY (namespace, flow, rule, "key")
) WITHOUT ROWID;
CREATE INDEX alert_seen_at ON alert_seen (at);

-- What a rule found and is not over: an execution that is stuck, a queue that is old.
CREATE TABLE alert_ongoing (
  namespace TEXT NOT NULL,
  flow TEXT NOT NULL,
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  since REAL NOT NULL,
  value REAL NOT NULL,
  firing INTEGER NOT NULL,
  PRIMARY KEY (namespace, flow, rule, subject)
) WITHOUT ROWID;

-- Up to when executions that faulted were looked at; one row.
CREATE TABLE alert_cursor (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  at REAL NOT NULL
);

CREATE INDEX executions_faulted ON executions (ended_at, id) WHERE status = 'faulted';

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
