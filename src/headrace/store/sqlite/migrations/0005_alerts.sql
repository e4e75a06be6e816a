-- Alerts of namespaces, silences, what is going on, and notifications that are to be delivered.

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
