"""Alerts: rules about executions and queues, and their delivery to webhooks."""
