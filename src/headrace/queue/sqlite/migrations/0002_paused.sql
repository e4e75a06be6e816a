-- A paused queue takes items and gives none out.

ALTER TABLE queues ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
