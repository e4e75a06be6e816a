-- name: select_flowapp
SELECT a.namespace, a.name, a.generation, a.digest, a.version, a.paused, v."text", a.project, a.layout,
  a.layout_saved_at, a.layout_saved_by, a.created_at, a.updated_at, a.updated_by
FROM flowapps a JOIN flowapp_versions v USING (namespace, name, generation)
WHERE a.namespace = ? AND a.name = ?

-- name: upsert_flowapp
INSERT INTO flowapps (
  namespace, name, generation, digest, version, project, created_at, updated_at, updated_by
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)
ON CONFLICT (namespace, name) DO UPDATE SET
  generation = ?3, digest = ?4, version = ?5, project = coalesce(?6, project), updated_at = ?7, updated_by = ?8

-- name: insert_flowapp_version
INSERT INTO flowapp_versions (
  namespace, name, generation, digest, version, "text", message, applied_at, applied_by
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: select_flowapp_versions
SELECT namespace, name, generation, digest, version, '', message, applied_at, applied_by
FROM flowapp_versions WHERE namespace = ?1 AND name = ?2 AND (?3 IS NULL OR generation < ?3)
ORDER BY generation DESC LIMIT ?4

-- name: select_flowapp_version
SELECT namespace, name, generation, digest, version, "text", message, applied_at, applied_by
FROM flowapp_versions WHERE namespace = ? AND name = ? AND generation = ?

-- name: pause_flowapp
UPDATE flowapps SET paused = ?3, updated_at = ?4, updated_by = ?5 WHERE namespace = ?1 AND name = ?2

-- name: put_flowapp_project
UPDATE flowapps SET project = ?3 WHERE namespace = ?1 AND name = ?2

-- name: put_flowapp_layout
UPDATE flowapps SET
  layout_saved_at = CASE WHEN layout IS ?3 THEN layout_saved_at ELSE ?4 END,
  layout_saved_by = CASE WHEN layout IS ?3 THEN layout_saved_by ELSE ?5 END,
  layout = ?3
WHERE namespace = ?1 AND name = ?2

-- name: delete_flowapp
DELETE FROM flowapps WHERE namespace = ? AND name = ?

-- name: delete_flowapp_versions
DELETE FROM flowapp_versions WHERE namespace = ? AND name = ?

-- name: select_flowapp_namespaces
SELECT DISTINCT namespace FROM flowapps ORDER BY namespace
