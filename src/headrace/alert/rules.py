"""Which rules there are, found by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import orjson

from headrace.spec.alert import Alert, load_alert
from headrace.store.alerts import RuleName

_FLOWS_KEPT_MAX = 10_000


class Rule(msgspec.Struct, frozen=True):
    """A rule with its name, and as it was written."""

    name: RuleName
    alert: Alert
    written: bytes  # JSON


class Rules:
    """The rules of FlowApps and of namespaces. A namespace's rule is about each of its flows."""

    def __init__(self) -> None:
        self._by_name: dict[RuleName, Rule] = {}
        self._by_flow: dict[tuple[str, str], dict[str, list[Rule]]] = {}

    def put(self, namespace: str, flow: str, written: Iterable[Mapping[str, Any]]) -> None:
        """Take these for all rules of a flow (or of a namespace, with no flow), in place of earlier ones."""
        for name in [name for name in self._by_name if (name.namespace, name.flow) == (namespace, flow)]:
            del self._by_name[name]
        for data in written:
            alert = load_alert(dict(data))
            name = RuleName(namespace, flow, alert.name)
            self._by_name[name] = Rule(name, alert, orjson.dumps(data))
        self._by_flow.clear()

    def get(self, name: RuleName) -> Rule | None:
        """Return a rule."""
        return self._by_name.get(name)

    def about(self, namespace: str, flow: str) -> dict[str, list[Rule]]:
        """Return the rules that are about executions of a flow, by condition."""
        found = self._by_flow.get((namespace, flow))
        if found is None:
            if len(self._by_flow) >= _FLOWS_KEPT_MAX:
                self._by_flow.clear()
            found = self._by_flow[namespace, flow] = {}
            for rule in self._by_name.values():
                if rule.name.namespace == namespace and rule.name.flow in ("", flow):
                    found.setdefault(rule.alert.condition, []).append(rule)
        return found

    def of(self, *conditions: str) -> list[Rule]:
        """Return all rules with one of these conditions."""
        return [rule for rule in self._by_name.values() if rule.alert.condition in conditions]

    def of_flows(self, namespace: str) -> list[Rule]:
        """Return the rules that stand in the FlowApps of a namespace, by flow and name."""
        found = [rule for name, rule in self._by_name.items() if name.namespace == namespace and name.flow]
        return sorted(found, key=lambda rule: (rule.name.flow, rule.name.rule))
