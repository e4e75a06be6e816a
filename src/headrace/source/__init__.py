"""Triggers as running things: http, cron, interval, event, queue, and what a workflow's `schedule` says."""
