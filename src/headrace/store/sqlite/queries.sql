-- Every statement of the SQLite store. `-- name: x` starts a statement; `queries.py` loads them.

-- ---------------------------------------------------------------- writing transitions

-- name: insert_execution
INSERT INTO executions (
  id, namespace, name, workflow_version, definition_digest, status, created_at, "key", started_at,
  ended_at, parent_id, parent_run_id, rerun_of, rerun_run_id, "trigger", started_by, started_by_name,
  input, output, error
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: find_taken
SELECT id FROM executions WHERE namespace = ?2 AND name = ?3 AND "key" = ?4
UNION ALL SELECT id FROM executions WHERE id = ?1
LIMIT 1

-- name: insert_state
INSERT INTO states (execution_id, version, next_due, in_flight, data) VALUES (?, 1, ?, ?, ?)

-- name: update_state
UPDATE states SET version = version + 1, next_due = ?, in_flight = ?, data = ?
WHERE execution_id = ? AND version = ?

-- name: delete_state
DELETE FROM states WHERE execution_id = ? AND version = ?

-- name: update_execution
UPDATE executions SET
  status = coalesce(?, status), started_at = coalesce(?, started_at), ended_at = coalesce(?, ended_at),
  output = coalesce(?, output), error = coalesce(?, error)
WHERE id = ?

-- name: clear_outcome
UPDATE executions SET
  output = CASE WHEN ? THEN NULL ELSE output END, error = CASE WHEN ? THEN NULL ELSE error END
WHERE id = ?

-- name: insert_state_payload
INSERT INTO state_payloads (execution_id, hash) VALUES (?, ?) ON CONFLICT DO NOTHING

-- name: select_state_payload_hashes
SELECT hash FROM state_payloads WHERE execution_id = ?

-- name: delete_state_payload
DELETE FROM state_payloads WHERE execution_id = ? AND hash = ?

-- name: delete_state_payloads
DELETE FROM state_payloads WHERE execution_id = ?

-- name: insert_run
INSERT INTO task_runs (
  execution_id, run_id, parent_id, pointer, name, kind, status, started_sequence, ended_sequence,
  started_at, ended_at, attempt, iteration, carried, "count", worker,
  input, output, error, variables, context, details
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_subscription
INSERT OR IGNORE INTO subscriptions (execution_id, run_id, type) VALUES (?, ?, ?)

-- name: delete_subscription
DELETE FROM subscriptions WHERE execution_id = ? AND run_id = ?

-- name: delete_subscriptions
DELETE FROM subscriptions WHERE execution_id = ?

-- ---------------------------------------------------------------- decisions

-- name: insert_decision
INSERT OR IGNORE INTO decisions (
  execution_id, run_id, namespace, flow, pointer, event_type, title, role, users, asked_at, due_at, shown
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: end_decision
UPDATE decisions SET
  status = CASE
    WHEN ?3 THEN 'decided' WHEN status = 'decided' THEN 'overtaken' ELSE 'ended' END,
  ended_at = coalesce(ended_at, ?4)
WHERE execution_id = ?1 AND run_id = ?2

-- ---------------------------------------------------------------- blobs

-- name: use_blob
INSERT INTO blob_uses (hash, uses) VALUES (?, 1) ON CONFLICT (hash) DO UPDATE SET uses = uses + 1
RETURNING uses

-- name: insert_blob
INSERT INTO blobs (hash, size, data) VALUES (?, ?, ?)

-- ---------------------------------------------------------------- events

-- name: insert_event
INSERT INTO events (namespace, source, id, published_at, event) VALUES (?, ?, ?, ?, ?)

-- name: find_event
SELECT sequence FROM events WHERE namespace = ? AND source = ? AND id = ?

-- name: select_undelivered
SELECT sequence,
  CASE typeof(event) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = event) ELSE event END
FROM events WHERE delivered = 0 AND sequence > ? ORDER BY sequence LIMIT ?

-- name: mark_delivered
UPDATE events SET delivered = 1 WHERE sequence = ? AND delivered = 0

-- name: select_subscribers
SELECT execution_id FROM subscriptions WHERE type = ?
UNION SELECT execution_id FROM subscriptions WHERE type = ''
ORDER BY execution_id

-- name: select_namespace_subscribers
SELECT s.execution_id FROM subscriptions s JOIN executions e ON e.id = s.execution_id
WHERE s.type = ?1 AND e.namespace = ?2
UNION SELECT s.execution_id FROM subscriptions s JOIN executions e ON e.id = s.execution_id
WHERE s.type = '' AND e.namespace = ?2
ORDER BY s.execution_id

-- ---------------------------------------------------------------- reading executions

-- name: select_state
SELECT s.execution_id, s.version, e.definition_digest,
  CASE typeof(s.data) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = s.data) ELSE s.data END,
  p.hash, b.data
FROM states s
  JOIN executions e ON e.id = s.execution_id
  LEFT JOIN state_payloads p ON p.execution_id = s.execution_id
  LEFT JOIN blobs b ON b.hash = p.hash
WHERE s.execution_id = ?

-- name: select_due
SELECT execution_id, next_due FROM states WHERE next_due IS NOT NULL
ORDER BY next_due, execution_id LIMIT ?

-- name: select_in_flight
SELECT execution_id FROM states WHERE in_flight = 1 AND execution_id > ? ORDER BY execution_id LIMIT ?

-- name: execution_columns
id, namespace, name, workflow_version, definition_digest, status, created_at, "key", started_at,
ended_at, parent_id, parent_run_id, rerun_of, rerun_run_id, "trigger", started_by, started_by_name

-- name: execution_payload_columns
CASE typeof(input) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = input) ELSE input END,
CASE typeof(output) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = output) ELSE output END,
CASE typeof(error) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = error) ELSE error END

-- name: select_created
SELECT created_at FROM executions WHERE id = ?

-- name: select_history
SELECT execution_id, run_id, parent_id, pointer, name, kind, status, started_sequence, ended_sequence,
  started_at, ended_at, attempt, iteration, carried, "count", worker,
  CASE typeof(input) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = input) ELSE input END,
  CASE typeof(output) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = output) ELSE output END,
  CASE typeof(error) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = error) ELSE error END,
  CASE typeof(variables) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = variables) ELSE variables END,
  CASE typeof(context) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = context) ELSE context END,
  CASE typeof(details) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = details) ELSE details END
FROM task_runs WHERE execution_id = ? AND ended_sequence > ? ORDER BY ended_sequence LIMIT ?

-- ---------------------------------------------------------------- definitions

-- name: insert_definition
INSERT INTO definitions (digest, namespace, name, version, source, created_at) VALUES (?, ?, ?, ?, ?, ?)

-- name: select_definition
SELECT digest, namespace, name, version, source, created_at FROM definitions
WHERE namespace = ? AND name = ? AND version = ?

-- name: select_definitions
SELECT digest, namespace, name, version, source, created_at FROM definitions
WHERE (?1 IS NULL OR namespace = ?1) AND (?2 IS NULL OR name = ?2)
ORDER BY created_at DESC, rowid DESC

-- name: select_definitions_by_digest
SELECT digest, namespace, name, version, source, created_at FROM definitions
WHERE digest = ?3 AND (?1 IS NULL OR namespace = ?1) AND (?2 IS NULL OR name = ?2)
ORDER BY created_at DESC, rowid DESC

-- ---------------------------------------------------------------- logs

-- name: insert_log
INSERT INTO logs (execution_id, run_id, attempt, at, stream, "text")
SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM executions WHERE id = ?1)

-- name: select_logs
SELECT execution_id, run_id, attempt, at, stream, "text" FROM logs
WHERE execution_id = ? ORDER BY sequence

-- name: select_run_logs
SELECT execution_id, run_id, attempt, at, stream, "text" FROM logs
WHERE execution_id = ? AND run_id = ? ORDER BY sequence

-- ---------------------------------------------------------------- pruning

-- name: select_names
WITH RECURSIVE names (namespace, name) AS (
  SELECT * FROM (SELECT namespace, name FROM executions ORDER BY namespace, name LIMIT 1)
  UNION ALL
  SELECT e.namespace, e.name FROM names n JOIN executions e ON e.rowid = (
    SELECT rowid FROM executions WHERE (namespace, name) > (n.namespace, n.name)
    ORDER BY namespace, name LIMIT 1
  )
)
SELECT namespace, name FROM names
WHERE (?1 IS NULL OR namespace = ?1) AND (?2 IS NULL OR name = ?2)

-- name: select_prunable_by_age
SELECT id FROM executions e
WHERE namespace = ?1 AND name = ?2 AND created_at < ?3 AND ended_at < ?3
  AND NOT EXISTS (SELECT 1 FROM states WHERE execution_id IN (e.id, e.parent_id))
ORDER BY created_at, id LIMIT ?4

-- name: select_prunable_by_count
SELECT id FROM executions e
WHERE namespace = ?1 AND name = ?2 AND ended_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM states WHERE execution_id IN (e.id, e.parent_id))
ORDER BY created_at DESC, id DESC LIMIT ?4 OFFSET ?3

-- name: prune_runs
DELETE FROM task_runs WHERE rowid IN (SELECT rowid FROM task_runs WHERE execution_id = ? LIMIT ?)

-- name: prune_logs
DELETE FROM logs WHERE rowid IN (SELECT rowid FROM logs WHERE execution_id = ? LIMIT ?)

-- name: prune_decisions
DELETE FROM decisions WHERE execution_id = ?

-- name: prune_decision_links
DELETE FROM decision_links WHERE execution_id = ?

-- name: prune_execution
DELETE FROM executions WHERE id = ?

-- name: prune_events
DELETE FROM events WHERE sequence IN (
  SELECT sequence FROM events WHERE delivered = 1 AND published_at < ? ORDER BY published_at LIMIT ?
)

-- ---------------------------------------------------------------- migrations

-- name: create_migrations
CREATE TABLE IF NOT EXISTS migrations (
  number INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at REAL NOT NULL
)

-- name: select_migrations
SELECT number, name, checksum FROM migrations ORDER BY number

-- name: insert_migration
INSERT INTO migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)
