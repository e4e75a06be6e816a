-- What is deployed, and what was. `text` is as it was written; `definitions` has what runs, by digest.

CREATE TABLE flowapps (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  digest TEXT NOT NULL,
  version TEXT NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  project TEXT,
  layout BLOB,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;

CREATE TABLE flowapp_versions (
  namespace TEXT NOT NULL,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  digest TEXT NOT NULL,
  version TEXT NOT NULL,
  "text" TEXT NOT NULL,
  message TEXT NOT NULL,
  applied_at REAL NOT NULL,
  applied_by TEXT NOT NULL,
  PRIMARY KEY (namespace, name, generation)
) WITHOUT ROWID;
