-- Lists with filters: what they ask of an execution stands in the index that they read, so that passing over
-- others does not look at their rows.
DROP INDEX executions_name;
CREATE INDEX executions_name ON executions (namespace, name, created_at, id, workflow_version);
DROP INDEX executions_status;
CREATE INDEX executions_status ON executions (status, created_at, id, namespace, name)
WHERE status <> 'completed';
