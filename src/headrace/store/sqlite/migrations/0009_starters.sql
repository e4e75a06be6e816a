-- Who started an execution, over the API: the principal's id and name, as the log of changes has them.

ALTER TABLE executions ADD COLUMN started_by TEXT;
ALTER TABLE executions ADD COLUMN started_by_name TEXT;
CREATE INDEX executions_started_by ON executions (namespace, started_by, created_at, id)
WHERE started_by IS NOT NULL;
