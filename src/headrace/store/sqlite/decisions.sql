-- name: select_decision
SELECT execution_id, run_id, namespace, flow, pointer, event_type, title, role, users, asked_at, due_at, status,
  ended_at, decided_by, via, choice, shown, answer
FROM decisions WHERE execution_id = ? AND run_id = ?

-- name: select_decision_in_list
SELECT execution_id, run_id, namespace, flow, pointer, event_type, title, role, users, asked_at, due_at, status,
  ended_at, decided_by, via, choice, X'', NULL
FROM decisions WHERE execution_id = ? AND run_id = ?

-- name: scan_open
SELECT asked_at, execution_id, run_id, due_at, role, users FROM decisions INDEXED BY decisions_open
WHERE status = 'open' AND namespace = ?1 AND (asked_at, execution_id, run_id) > (?2, ?3, ?4)
ORDER BY asked_at, execution_id, run_id LIMIT ?5

-- name: scan_open_of_flow
SELECT asked_at, execution_id, run_id, due_at, role, users FROM decisions INDEXED BY decisions_flow
WHERE status = 'open' AND namespace = ?1 AND flow = ?6 AND (asked_at, execution_id, run_id) > (?2, ?3, ?4)
ORDER BY asked_at, execution_id, run_id LIMIT ?5

-- name: scan_ended
SELECT ended_at, execution_id, run_id, flow FROM decisions INDEXED BY decisions_ended
WHERE status <> 'open' AND namespace = ?1 AND (ended_at, execution_id, run_id) < (?2, ?3, ?4)
ORDER BY ended_at DESC, execution_id DESC, run_id DESC LIMIT ?5

-- name: decide
UPDATE decisions SET status = 'decided', ended_at = ?3, decided_by = ?4, via = ?5, choice = ?6, answer = ?7
WHERE execution_id = ?1 AND run_id = ?2 AND status = 'open'

-- name: insert_link
INSERT INTO decision_links (id, execution_id, run_id, label, created_at, created_by, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: select_link
SELECT id, execution_id, run_id, label, created_at, created_by, expires_at, used_at, revoked_at
FROM decision_links WHERE id = ?

-- name: select_links
SELECT id, execution_id, run_id, label, created_at, created_by, expires_at, used_at, revoked_at
FROM decision_links WHERE execution_id = ? AND run_id = ? ORDER BY created_at, id

-- name: use_link
UPDATE decision_links SET used_at = ?2 WHERE id = ?1

-- name: revoke_link
UPDATE decision_links SET revoked_at = ?2 WHERE id = ?1 AND used_at IS NULL AND revoked_at IS NULL
