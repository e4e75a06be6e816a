"""Alerts: rules about executions and queues, and their delivery to webhooks.

`alerts.py` is the face. `watch.py` sees executions end, `look.py` looks at what does not end and at queues;
both make happenings (`happening.py`) that the store gathers into notifications. `delivery.py` sends them as
`webhook.py` says.
"""

from headrace.alert.alerts import Alerts, InvalidRule
from headrace.alert.queues import OpenQueues

__all__ = ["Alerts", "InvalidRule", "OpenQueues"]
