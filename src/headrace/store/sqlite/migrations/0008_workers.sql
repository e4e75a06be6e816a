-- Who performed a task run's call, in words: an address, a process, the reader of a queue.

ALTER TABLE task_runs ADD COLUMN worker TEXT;
