-- Who put the nodes of a FlowApp where they stand, and when.

ALTER TABLE flowapps ADD COLUMN layout_saved_at REAL;
ALTER TABLE flowapps ADD COLUMN layout_saved_by TEXT;
