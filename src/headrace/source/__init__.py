"""Triggers as running things: what starts executions, and the record of each firing."""
