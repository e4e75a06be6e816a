-- name: select_triggers
SELECT namespace, flow, "trigger", fingerprint, paused, cursor, note FROM triggers
WHERE (?1 IS NULL OR namespace = ?1) AND (?2 IS NULL OR flow = ?2)
ORDER BY namespace, flow, "trigger"

-- name: put_trigger
INSERT INTO triggers (namespace, flow, "trigger", fingerprint, paused, cursor, note)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (namespace, flow, "trigger") DO UPDATE SET fingerprint = ?4, paused = ?5, cursor = ?6, note = ?7

-- name: pause_trigger
UPDATE triggers SET paused = ?4 WHERE namespace = ?1 AND flow = ?2 AND "trigger" = ?3

-- name: advance_trigger
UPDATE triggers SET cursor = ?4, note = ?5 WHERE namespace = ?1 AND flow = ?2 AND "trigger" = ?3

-- name: advance_trigger_cursor
UPDATE triggers SET cursor = ?4 WHERE namespace = ?1 AND flow = ?2 AND "trigger" = ?3

-- name: delete_triggers
DELETE FROM triggers WHERE namespace = ?1 AND flow = ?2 AND (?3 IS NULL OR "trigger" = ?3)

-- name: delete_firings
DELETE FROM firings WHERE namespace = ?1 AND flow = ?2 AND (?3 IS NULL OR "trigger" = ?3)

-- name: delete_gathered
DELETE FROM gathered_events WHERE namespace = ?1 AND flow = ?2 AND (?3 IS NULL OR "trigger" = ?3)

-- name: insert_firing
INSERT INTO firings (
  namespace, flow, "trigger", at, outcome, "key", execution_id, reason, due_at, "count"
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: trim_firings
DELETE FROM firings WHERE sequence IN (
  SELECT sequence FROM firings WHERE namespace = ?1 AND flow = ?2 AND "trigger" = ?3
  ORDER BY at DESC, sequence DESC LIMIT -1 OFFSET ?4
)

-- Two lists that are each in order, so that a page costs a page.
-- name: select_firings
SELECT at, outcome, id, "key", execution_id, status, reason, due_at, "count" FROM (
  SELECT * FROM (
    SELECT created_at AS at, 'started' AS outcome, id AS id, "key" AS "key", id AS execution_id,
      status AS status, NULL AS reason, NULL AS due_at, 1 AS "count"
    FROM executions
    WHERE namespace = ?1 AND name = ?2 AND "trigger" = ?3 AND (created_at, id) < (?4, ?5)
    ORDER BY created_at DESC, id DESC LIMIT ?6
  )
  UNION ALL
  SELECT * FROM (
    SELECT at, outcome, printf('~%015d', sequence), "key", execution_id, NULL, reason, due_at, "count"
    FROM firings
    WHERE namespace = ?1 AND flow = ?2 AND "trigger" = ?3
      AND at <= ?4 AND (at < ?4 OR printf('~%015d', sequence) < ?5)
    ORDER BY at DESC, sequence DESC LIMIT ?6
  )
)
ORDER BY at DESC, id DESC LIMIT ?6

-- name: select_open_executions
SELECT id FROM executions
WHERE +namespace = ? AND +name = ? AND +"trigger" = ?
  AND status IN ('pending', 'running', 'waiting', 'suspended') AND status <> 'completed'
ORDER BY created_at, id

-- name: select_started
SELECT id, status, created_at, ended_at,
  CASE typeof(output) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = output) ELSE output END,
  CASE typeof(error) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = error) ELSE error END
FROM executions WHERE namespace = ? AND name = ? AND "key" = ?

-- name: select_fired
SELECT id, status, created_at, ended_at,
  CASE typeof(output) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = output) ELSE output END,
  CASE typeof(error) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = error) ELSE error END
FROM executions WHERE id = ?

-- name: select_gathered
SELECT id, since, data FROM gathered_events WHERE namespace = ? AND flow = ? AND "trigger" = ? ORDER BY rowid

-- name: put_gathered
INSERT INTO gathered_events (namespace, flow, "trigger", id, since, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (namespace, flow, "trigger", id) DO UPDATE SET data = ?6

-- name: drop_gathered
DELETE FROM gathered_events WHERE namespace = ? AND flow = ? AND "trigger" = ? AND id = ?

-- name: select_last_event
SELECT coalesce(max(sequence), 0) FROM events

-- name: select_settled_event
SELECT coalesce(
  (SELECT sequence - 1 FROM events WHERE delivered = 0 ORDER BY sequence LIMIT 1),
  (SELECT max(sequence) FROM events),
  0
)

-- name: select_events_after
SELECT sequence,
  CASE typeof(event) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = event) ELSE event END
FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?
