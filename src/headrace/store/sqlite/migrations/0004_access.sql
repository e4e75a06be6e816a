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
