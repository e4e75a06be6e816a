-- Statements of the lists. The searches are built in `search.py`.

-- name: select_flow_names
WITH RECURSIVE names (name) AS (
  SELECT * FROM (SELECT name FROM executions WHERE namespace = ?1 ORDER BY name LIMIT 1)
  UNION ALL
  SELECT (SELECT e.name FROM executions e WHERE e.namespace = ?1 AND e.name > n.name ORDER BY e.name LIMIT 1)
  FROM names n WHERE n.name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL LIMIT ?2

-- name: select_id_by_key
SELECT id FROM executions WHERE namespace = ? AND name = ? AND "key" = ?

-- name: select_brief_history
SELECT execution_id, run_id, parent_id, pointer, name, kind, status, started_sequence, ended_sequence,
  started_at, ended_at, attempt, iteration, carried, "count", worker, NULL, NULL, NULL, NULL, NULL, NULL
FROM task_runs WHERE execution_id = ? AND ended_sequence > ? ORDER BY ended_sequence LIMIT ?

-- name: select_run
SELECT execution_id, run_id, parent_id, pointer, name, kind, status, started_sequence, ended_sequence,
  started_at, ended_at, attempt, iteration, carried, "count", worker,
  CASE typeof(input) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = input) ELSE input END,
  CASE typeof(output) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = output) ELSE output END,
  CASE typeof(error) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = error) ELSE error END,
  CASE typeof(variables) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = variables) ELSE variables END,
  CASE typeof(context) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = context) ELSE context END,
  CASE typeof(details) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = details) ELSE details END
FROM task_runs WHERE execution_id = ? AND run_id = ? LIMIT 1

-- name: select_line_page
SELECT sequence, execution_id, run_id, attempt, at, stream, "text" FROM logs WHERE sequence IN (
  SELECT sequence FROM logs INDEXED BY logs_run WHERE execution_id = ?1 AND sequence > ?2
  ORDER BY sequence LIMIT ?3
) ORDER BY sequence

-- name: select_run_line_page
SELECT sequence, execution_id, run_id, attempt, at, stream, "text" FROM logs INDEXED BY logs_run
WHERE execution_id = ?1 AND run_id = ?4 AND sequence > ?2 ORDER BY sequence LIMIT ?3

-- name: select_deletable
SELECT e.ended_at IS NOT NULL,
  EXISTS (SELECT 1 FROM states WHERE execution_id IN (e.id, e.parent_id))
FROM executions e WHERE e.id = ?

-- name: select_last_event
SELECT max(sequence) FROM events

-- name: select_events
SELECT sequence, published_at, delivered,
  CASE typeof(event) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = event) ELSE event END
FROM events WHERE sequence < ?2 AND sequence >= ?3 AND namespace = ?1 ORDER BY sequence DESC LIMIT ?4

-- name: select_status_cut
SELECT created_at FROM executions INDEXED BY executions_status
WHERE status = ? AND status <> 'completed' AND created_at >= ? ORDER BY created_at DESC LIMIT 1 OFFSET ?

-- name: select_of_status
SELECT name, created_at FROM executions INDEXED BY executions_status
WHERE status = ? AND status <> 'completed' AND created_at >= ? AND namespace = ?

-- name: select_flow_cut
SELECT created_at FROM executions INDEXED BY executions_name
WHERE namespace = ? AND name = ? AND created_at >= ? ORDER BY created_at DESC LIMIT 1 OFFSET ?

-- name: count_of_flow
SELECT count(*) FROM executions INDEXED BY executions_name
WHERE namespace = ? AND name = ? AND created_at >= ?

-- name: select_newest_of_flow
SELECT max(created_at) FROM executions INDEXED BY executions_name WHERE namespace = ? AND name = ?
