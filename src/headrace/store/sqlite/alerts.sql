-- name: select_rules
SELECT namespace, name, rule, updated_at, updated_by FROM alert_rules
WHERE ?1 IS NULL OR namespace = ?1 ORDER BY namespace, name

-- name: put_rule
INSERT INTO alert_rules (namespace, name, rule, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (namespace, name) DO UPDATE SET rule = ?3, updated_at = ?4, updated_by = ?5

-- name: delete_rule
DELETE FROM alert_rules WHERE namespace = ? AND name = ?

-- name: select_silences
SELECT id, namespace, rule, flow, until, reason, created_at, created_by FROM alert_silences
WHERE until > ?1 AND (?2 IS NULL OR namespace = ?2) ORDER BY until, id

-- name: put_silence
INSERT OR REPLACE INTO alert_silences (id, namespace, rule, flow, until, reason, created_at, created_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: delete_silence
DELETE FROM alert_silences WHERE namespace = ? AND id = ?

-- name: insert_seen
INSERT OR IGNORE INTO alert_seen (namespace, flow, rule, "key", at) VALUES (?, ?, ?, ?, ?)

-- name: select_seen
SELECT "key", at FROM alert_seen WHERE namespace = ? AND flow = ? AND rule = ? AND at >= ? ORDER BY at, "key"

-- name: select_last_notification
SELECT sequence, "count", events, send_at, window_until, status, attempts FROM alert_notifications
WHERE namespace = ? AND flow = ? AND rule = ? AND state = ? ORDER BY sequence DESC LIMIT 1

-- name: extend_notification
UPDATE alert_notifications SET "count" = ?2, events = ?3 WHERE sequence = ?1

-- name: insert_notification
INSERT INTO alert_notifications (
  id, namespace, flow, rule, state, "count", events, alert, created_at, send_at, window_until, status, attempts
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0)

-- name: put_ongoing
INSERT OR REPLACE INTO alert_ongoing (namespace, flow, rule, subject, since, value, firing)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: delete_ongoing
DELETE FROM alert_ongoing WHERE namespace = ? AND flow = ? AND rule = ? AND subject = ?

-- name: select_ongoing
SELECT namespace, flow, rule, subject, since, value, firing FROM alert_ongoing
ORDER BY namespace, flow, rule, subject

-- name: put_cursor
INSERT INTO alert_cursor (one, at) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET at = max(at, ?1)

-- name: select_cursor
SELECT at FROM alert_cursor

-- name: forget_seen
DELETE FROM alert_seen WHERE at < ?

-- name: forget_notifications
DELETE FROM alert_notifications WHERE ended_at < ?

-- name: forget_silences
DELETE FROM alert_silences WHERE until < ?

-- name: select_due
SELECT sequence, id, namespace, flow, rule, state, "count", events, alert, created_at, send_at, status,
  attempts, error, ended_at
FROM alert_notifications WHERE status = 'pending' AND send_at <= ? ORDER BY send_at, sequence LIMIT ?

-- name: select_next_due
SELECT min(send_at) FROM alert_notifications WHERE status = 'pending' AND send_at > ?

-- name: put_attempt
UPDATE alert_notifications SET status = ?2, attempts = ?3, send_at = ?4, error = ?5, ended_at = ?6
WHERE id = ?1 AND status = 'pending'

-- name: select_notifications
SELECT sequence, id, namespace, flow, rule, state, "count", events, alert, created_at, send_at, status,
  attempts, error, ended_at
FROM alert_notifications WHERE namespace = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3

-- name: select_faulted
SELECT id, namespace, name, created_at, ended_at, error FROM executions
WHERE status = 'faulted' AND (ended_at, id) > (?1, ?2) ORDER BY ended_at, id LIMIT ?3

-- The last task run that ended tells when something last went on: with it the next one began.
-- name: select_open
SELECT e.id, e.namespace, e.name, e.status, e.created_at,
  coalesce(
    (SELECT r.ended_at FROM task_runs r WHERE r.execution_id = e.id ORDER BY r.ended_sequence DESC LIMIT 1),
    e.started_at,
    e.created_at
  ),
  s.in_flight = 0 AND s.next_due IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM subscriptions u WHERE u.execution_id = e.id)
FROM executions e JOIN states s ON s.execution_id = e.id
WHERE e.status = ?1 AND e.status <> 'completed' AND (e.created_at, e.id) > (?2, ?3) AND e.created_at < ?4
ORDER BY e.created_at, e.id LIMIT ?5

-- name: select_open_one
SELECT e.id, e.namespace, e.name, e.status, e.created_at,
  coalesce(
    (SELECT r.ended_at FROM task_runs r WHERE r.execution_id = e.id ORDER BY r.ended_sequence DESC LIMIT 1),
    e.started_at,
    e.created_at
  ),
  s.in_flight = 0 AND s.next_due IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM subscriptions u WHERE u.execution_id = e.id)
FROM executions e JOIN states s ON s.execution_id = e.id WHERE e.id = ?
