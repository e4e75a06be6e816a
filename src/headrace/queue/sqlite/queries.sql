-- Every statement of the SQLite queue. `-- name: x` starts a statement; `queries.py` loads them.
-- States: 0 ready, 1 delayed, 2 leased, 3 completed, 4 dead. A lease holds while its time is not over:
-- token, state and due_at together.

-- ---------------------------------------------------------------- queues

-- name: create_migrations
CREATE TABLE IF NOT EXISTS migrations (
  number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at REAL NOT NULL
)

-- name: select_migrations
SELECT number, name, checksum FROM migrations ORDER BY number

-- name: create_queue
INSERT INTO queues (name, options) VALUES (?, ?) ON CONFLICT DO NOTHING

-- name: set_options
UPDATE queues SET options = ? WHERE name = ?

-- name: find_queue
SELECT queue FROM queues WHERE name = ?

-- name: names
SELECT name FROM queues ORDER BY name

-- name: select_ledger
SELECT options, ready, delayed, leased, dead, enqueued_total, completed_total, retried_total, expired_total,
  dead_total, position, fence, paused
FROM queues WHERE queue = ?

-- name: update_ledger
UPDATE queues SET ready = ?, delayed = ?, leased = ?, dead = ?, enqueued_total = ?, completed_total = ?,
  retried_total = ?, expired_total = ?, dead_total = ?, position = ?, fence = ?, paused = ?
WHERE queue = ?

-- name: is_ready
SELECT ready > 0 AND NOT paused FROM queues WHERE queue = ?

-- name: next_due
SELECT
  (SELECT min(due_at) FROM items INDEXED BY items_delayed WHERE queue = ?1 AND state = 1),
  (SELECT min(due_at) FROM items INDEXED BY items_leased WHERE queue = ?1 AND state = 2),
  (SELECT min(due_at) FROM items INDEXED BY items_completed WHERE queue = ?1 AND state = 3),
  (SELECT min(due_at) FROM items INDEXED BY items_dead WHERE queue = ?1 AND state = 4),
  (SELECT min(until) FROM dedupe WHERE queue = ?1),
  (SELECT options FROM queues WHERE queue = ?1)

-- ---------------------------------------------------------------- enqueueing

-- name: insert_item
INSERT INTO items (
  queue, id, state, priority, position, due_at, max_attempts, enqueued_at, large, headers, payload
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: insert_body
INSERT INTO bodies (seq, payload) VALUES (?, ?)

-- name: select_body
SELECT payload FROM bodies WHERE seq = ?

-- name: is_known
SELECT 1 FROM items WHERE queue = ? AND id = ?

-- name: find_dedupe
SELECT id FROM dedupe WHERE queue = ? AND "key" = ? AND until > ?

-- name: set_dedupe
INSERT OR REPLACE INTO dedupe (queue, "key", id, until) VALUES (?, ?, ?, ?)

-- ---------------------------------------------------------------- leases

-- name: lease
UPDATE items SET state = 2, due_at = ?, token = ?, attempts = attempts + 1, leased_at = ?, worker = ?,
  extensions = 0, extended_at = NULL
WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_ready WHERE queue = ? AND state = 0
  ORDER BY priority DESC, position LIMIT ?
)
RETURNING priority, position, id, attempts, max_attempts, enqueued_at, headers, payload, large, seq

-- name: complete
UPDATE items SET state = 3, due_at = ?, payload = NULL, result = ?
WHERE queue = ? AND id = ? AND token = ? AND state = 2 AND due_at > ?

-- name: complete_and_forget
DELETE FROM items WHERE queue = ? AND id = ? AND token = ? AND state = 2 AND due_at > ?

-- name: extend
UPDATE items SET due_at = ?, extended_at = ?, extensions = extensions + 1
WHERE queue = ? AND id = ? AND token = ? AND state = 2 AND due_at > ?

-- name: select_held
SELECT seq, attempts, max_attempts, due_at, leased_at, worker, extensions, extended_at, log, error
FROM items WHERE queue = ? AND id = ? AND token = ? AND state = 2 AND due_at > ?

-- name: give_back
UPDATE items SET state = ?, position = coalesce(?, position), due_at = ?, attempts = ?, worker = NULL,
  error = ?, reason = ?, log = ?
WHERE seq = ?

-- ---------------------------------------------------------------- what is due

-- name: select_expired
SELECT seq, attempts, max_attempts, due_at, leased_at, worker, extensions, extended_at, log, error
FROM items INDEXED BY items_leased WHERE queue = ? AND state = 2 AND due_at <= ?
ORDER BY due_at LIMIT ?

-- name: select_due
SELECT seq FROM items INDEXED BY items_delayed WHERE queue = ? AND state = 1 AND due_at <= ?
ORDER BY due_at, seq LIMIT ?

-- name: make_ready
UPDATE items SET state = 0, due_at = NULL, position = ? WHERE seq = ?

-- name: prune_completed
DELETE FROM items WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_completed
  WHERE queue = ? AND state = 3 AND due_at <= ? ORDER BY due_at LIMIT ?
)

-- name: prune_dead
DELETE FROM items WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_dead
  WHERE queue = ? AND state = 4 AND due_at <= ? ORDER BY due_at LIMIT ?
)

-- name: prune_dedupe
DELETE FROM dedupe WHERE queue = ?1 AND "key" IN (
  SELECT "key" FROM dedupe INDEXED BY dedupe_until WHERE queue = ?1 AND until <= ?2 ORDER BY until LIMIT ?3
)

-- ---------------------------------------------------------------- dead letters, purge

-- name: select_dead
SELECT seq, log FROM items INDEXED BY items_dead WHERE queue = ? AND state = 4
ORDER BY due_at, seq LIMIT ?

-- name: select_dead_by_id
SELECT seq, log FROM items WHERE queue = ? AND id = ? AND state = 4

-- name: redrive
UPDATE items SET state = 0, position = ?, due_at = NULL, attempts = 0, reason = NULL, log = ? WHERE seq = ?

-- name: purge_ready
DELETE FROM items WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_ready WHERE queue = ? AND state = 0 LIMIT ?
)

-- name: purge_delayed
DELETE FROM items WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_delayed WHERE queue = ? AND state = 1 LIMIT ?
)

-- name: purge_completed
DELETE FROM items WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_completed WHERE queue = ? AND state = 3 LIMIT ?
)

-- name: purge_dead
DELETE FROM items WHERE seq IN (
  SELECT seq FROM items INDEXED BY items_dead WHERE queue = ? AND state = 4 LIMIT ?
)

-- name: select_state
SELECT seq, state FROM items WHERE queue = ? AND id = ?

-- name: delete_item
DELETE FROM items WHERE seq = ?

-- ---------------------------------------------------------------- looking

-- name: peek_ready
SELECT {record} FROM items INDEXED BY items_ready WHERE queue = ? AND state = 0
ORDER BY priority DESC, position LIMIT ?

-- name: peek_delayed
SELECT {record} FROM items INDEXED BY items_delayed WHERE queue = ? AND state = 1
ORDER BY due_at, seq LIMIT ?

-- name: peek_leased
SELECT {record} FROM items INDEXED BY items_leased WHERE queue = ? AND state = 2
ORDER BY due_at, seq LIMIT ?

-- name: peek_completed
SELECT {record} FROM items INDEXED BY items_completed WHERE queue = ? AND state = 3 AND due_at > ?
ORDER BY due_at, seq LIMIT ?

-- name: peek_dead
SELECT {record} FROM items INDEXED BY items_dead WHERE queue = ? AND state = 4 AND due_at > ?
ORDER BY due_at, seq LIMIT ?

-- name: inspect
SELECT {record} FROM items WHERE queue = ? AND id = ?

-- name: find_dead
SELECT due_at, seq FROM items WHERE queue = ? AND id = ? AND state = 4

-- name: select_dead_letters
SELECT seq, large, id, payload, reason, error, attempts, enqueued_at, due_at, priority, headers
FROM items INDEXED BY items_dead
WHERE queue = ? AND state = 4 AND (due_at, seq) > (?, ?)
ORDER BY due_at, seq LIMIT ?

-- name: oldest_ready
SELECT min((
  SELECT enqueued_at FROM items INDEXED BY items_ready
  WHERE queue = ?1 AND state = 0 AND priority = level.value ORDER BY position LIMIT 1
)) FROM json_each('[0,1,2,3,4,5,6,7,8,9]') AS level
