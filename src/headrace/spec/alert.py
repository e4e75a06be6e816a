"""The typed view of an alert, and the check of one that stands alone (per namespace, over the API)."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson

from headrace.spec.alert_grammar import ALERT, CONDITIONS
from headrace.spec.convert import DslObject, build, build_struct
from headrace.spec.duration import Duration, parse_duration
from headrace.spec.parse import parse
from headrace.spec.problem import Problem
from headrace.spec.task_grammar import DEFINITIONS
from headrace.spec.validate import in_order
from headrace.spec.value_rules import check_values
from headrace.spec.walk import Scope, Walk

# How long what happens after a notification is gathered, where the alert does not say.
GROUP_SECONDS = 30.0


class Webhook(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where notifications go. `url`, `headers` and `body` are templates; `signature` names a secret."""

    url: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: str | None = None
    content_type: str = "application/json"
    signature: str | None = None


class Alert(DslObject, frozen=True, kw_only=True):
    """One alert. `condition` is one of `CONDITIONS`; of the other attributes those that it has are set.

    `seconds` is the duration of `slower`, `stuck` and `queueOlder`, and the window of `faulted`; `count` is
    how many faults in it (1: each one). `queue` is the queue of `deadLetter` (None: those of the flow's
    functions, or all of the namespace) and of `queueOlder`. `group_seconds`: after a notification, what
    happens in this time is told in one.
    """

    name: str
    condition: str
    webhook: Webhook
    seconds: float = 0.0
    count: int = 1
    queue: str | None = None
    group_seconds: float = GROUP_SECONDS
    description: str | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Alert:
        """Build from the data as written, without problems."""
        condition = next(name for name in CONDITIONS if name in data)
        value = data[condition]
        more: dict[str, Any] = {"condition": condition}
        if condition == "faulted" and isinstance(value, dict):
            more |= {"count": int(value["count"]), "seconds": _seconds(value["within"])}
        elif condition in ("slower", "stuck"):
            more["seconds"] = _seconds(value)
        elif isinstance(value, dict):
            more["queue"] = value["queue"]
            if "than" in value:
                more["seconds"] = _seconds(value["than"])
        if "group" in data:
            more["group_seconds"] = _seconds(data["group"])
        return build_struct(cls, data, **more)


def load_alert(data: dict[str, Any]) -> Alert:
    """Return the typed view of one of `Definition.alerts`."""
    return build(Alert, data)


def check_alert(data: Any) -> list[Problem]:
    """Return all problems of one alert; pointers are into it."""
    source, problems = parse(orjson.dumps(data).decode(), "alert.json")
    if source is None:
        return problems
    walk = Walk(source, DEFINITIONS)
    ALERT.visit(walk, source.data, "", Scope())
    check_values(walk)
    return in_order(walk.problems)


def _seconds(written: dict[str, Any] | str) -> float:
    if isinstance(written, str):
        return parse_duration(written) / 1000
    return build(Duration, written).total_milliseconds() / 1000
