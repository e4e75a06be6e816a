-- Statements of the access ports (`store/access.py`).

-- ---------------------------------------------------------------- users and tokens

-- name: select_user
SELECT name, password_hash, roles, disabled, created_at, updated_at, revision FROM users WHERE name = ?

-- name: select_users
SELECT name, password_hash, roles, disabled, created_at, updated_at, revision FROM users
WHERE name > ? ORDER BY name LIMIT ?

-- name: insert_user
INSERT INTO users (name, password_hash, roles, administrator, disabled, created_at, updated_at, revision)
VALUES (?, ?, ?, ?, ?, ?, ?, 1)
ON CONFLICT DO NOTHING

-- name: update_user
UPDATE users SET
  password_hash = ?, roles = ?, administrator = ?, disabled = ?, updated_at = ?, revision = revision + 1
WHERE name = ?

-- name: delete_user
DELETE FROM users WHERE name = ?

-- name: select_token
SELECT id, hash, name, roles, created_at, created_by, expires_at, last_used_at FROM tokens WHERE hash = ?

-- name: select_tokens
SELECT id, hash, name, roles, created_at, created_by, expires_at, last_used_at FROM tokens
WHERE id > ? ORDER BY id LIMIT ?

-- name: insert_token
INSERT INTO tokens (id, hash, name, roles, administrator, created_at, created_by, expires_at, last_used_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: delete_token
DELETE FROM tokens WHERE id = ?

-- name: update_token_used
UPDATE tokens SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)

-- name: is_administrator
SELECT EXISTS (SELECT 1 FROM users WHERE administrator = 1 AND name = ?1)
  OR EXISTS (SELECT 1 FROM tokens WHERE administrator = 1 AND id = ?2)

-- name: other_administrators
SELECT EXISTS (SELECT 1 FROM users WHERE administrator = 1 AND name <> ?1)
  OR EXISTS (SELECT 1 FROM tokens WHERE administrator = 1 AND id <> ?2)

-- name: is_administered
SELECT EXISTS (SELECT 1 FROM users WHERE administrator = 1)
  OR EXISTS (SELECT 1 FROM tokens WHERE administrator = 1)

-- ---------------------------------------------------------------- sessions

-- name: select_session
SELECT hash, kind, subject, name, created_at, seen_at, expires_at,
  CASE kind
    WHEN 'user' THEN (SELECT u.roles FROM users u WHERE u.name = subject AND u.disabled = 0)
    WHEN 'token' THEN (
      SELECT t.roles FROM tokens t WHERE t.id = subject AND (t.expires_at IS NULL OR t.expires_at > ?2))
    ELSE roles
  END,
  address
FROM sessions WHERE hash = ?1 AND expires_at > ?2

-- name: select_sessions
SELECT hash, kind, subject, name, created_at, seen_at, expires_at, roles, address FROM sessions
WHERE expires_at > ? ORDER BY created_at DESC LIMIT 1000

-- name: select_sessions_of
SELECT hash, kind, subject, name, created_at, seen_at, expires_at, roles, address FROM sessions
WHERE kind = ?2 AND subject = ?3 AND expires_at > ?1 ORDER BY created_at DESC LIMIT 1000

-- name: insert_session
INSERT INTO sessions (hash, kind, subject, name, created_at, seen_at, expires_at, roles, address)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: update_session_seen
UPDATE sessions SET seen_at = ?2 WHERE hash = ?1 AND seen_at < ?2

-- name: delete_session
DELETE FROM sessions WHERE hash = ?

-- name: delete_sessions_of
DELETE FROM sessions WHERE kind = ? AND subject = ?

-- name: delete_sessions
DELETE FROM sessions

-- name: delete_expired_sessions
DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT 100)

-- ---------------------------------------------------------------- attempts to log in

-- name: select_attempts
SELECT attempts, since FROM login_attempts WHERE subject = ? AND since > ?

-- name: count_attempt
INSERT INTO login_attempts (subject, attempts, since) VALUES (?1, 1, ?2)
ON CONFLICT (subject) DO UPDATE SET
  attempts = CASE WHEN since > ?3 THEN attempts + 1 ELSE 1 END,
  since = CASE WHEN since > ?3 THEN since ELSE ?2 END

-- name: forgive_attempts
UPDATE login_attempts SET attempts = max(attempts - ?2, 0) WHERE subject = ?1

-- name: delete_attempts
DELETE FROM login_attempts WHERE subject = ?

-- name: delete_old_attempts
DELETE FROM login_attempts WHERE subject IN (
  SELECT subject FROM login_attempts WHERE since <= ? ORDER BY since LIMIT 100)

-- ---------------------------------------------------------------- the log of changes

-- name: insert_entry
INSERT INTO audit (at, principal, name, kind, address, action, namespace, object, before, after, request_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- ---------------------------------------------------------------- secrets

-- name: select_secrets
SELECT namespace, name, sealed, updated_at, updated_by FROM secrets ORDER BY namespace, name

-- name: upsert_secret
INSERT INTO secrets (namespace, name, sealed, updated_at, updated_by) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (namespace, name) DO UPDATE SET
  sealed = excluded.sealed, updated_at = excluded.updated_at, updated_by = excluded.updated_by

-- name: delete_secret
DELETE FROM secrets WHERE namespace = ? AND name = ?

-- name: reseal_secret
UPDATE secrets SET sealed = ?4 WHERE namespace = ?1 AND name = ?2 AND sealed = ?3
