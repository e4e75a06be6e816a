"""What a case says about tasks, functions and secrets, against the flow that it tests. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headrace.engine.plan import Node, Plan
from headrace.flowtest.case import Case
from headrace.flowtest.plan import leaves_engine, tasks_of
from headrace.spec.flowapp import Definition
from headrace.spec.problem import Problem, did_you_mean, escape, listed
from headrace.spec.validate import in_order

_NOT_MOCKED = {
    "listen": "give it events with `publish`",
    "wait": "time is skipped, so it needs no mock",
    "emit": "nothing leaves; `expect.events` has what it published",
}


def check_case(case: Case, plan: Plan, definition: Definition) -> list[Problem]:
    """Return what in a case does not fit the flow, in the order of the text."""
    return in_order([*_Checks(case, plan, definition).all()])


class _Checks:
    def __init__(self, case: Case, plan: Plan, definition: Definition) -> None:
        self._case = case
        self._plan = plan
        self._definition = definition

    def all(self) -> Iterator[Problem]:
        for mock in self._case.mocks:
            yield from self._mock(mock.task, mock.pointer)
        yield from self._real()
        for publication in self._case.publish:
            if publication.when is not None:
                yield from self._listening(publication.when, f"{publication.pointer}/when")
        yield from self._expectations()
        yield from self._secrets()

    def _problem(
        self, code: str, pointer: str, message: str, remedy: str | None = None, *, warning: bool = False
    ) -> Problem:
        severity: Any = "warning" if warning else "error"
        return self._case.source.problem(code, pointer, message, remedy, severity=severity, at_key=True)

    def _tasks(self, name: str, pointer: str, found: list[Problem]) -> list[Node]:
        nodes = tasks_of(self._plan, name)
        if not nodes:
            known = (
                list(self._plan.nodes)
                if name.startswith("/")
                else [node.name for node in self._plan.nodes.values()]
            )
            remedy = did_you_mean(name, known, f"its tasks are {listed(dict.fromkeys(known), 'and')}")
            found.append(
                self._problem("unknown-task", pointer, f"{self._plan.name} has no task `{name}`", remedy)
            )
        return nodes

    def _mock(self, name: str, pointer: str) -> Iterator[Problem]:
        found: list[Problem] = []
        nodes = self._tasks(name, pointer, found)
        if nodes and not any(leaves_engine(node) for node in nodes):
            node = nodes[0]
            if node.kind == "call":
                inner = node.detail.function
                remedy = f"it calls a function of the workflow; mock what that calls, below `{inner.pointer}`"
            else:
                remedy = _NOT_MOCKED.get(node.kind, "only `call` and `run` tasks leave the engine")
            message = f"`{name}` is a `{node.kind}` task, which no mock answers for"
            found.append(self._problem("not-mocked", pointer, message, remedy))
        yield from found

    def _real(self) -> Iterator[Problem]:
        case = self._case
        own = isinstance(case.source.data["cases"][case.name].get("real"), list)
        place = f"{case.pointer}/real" if own else "/real"
        for index, name in enumerate(case.real):
            pointer = f"{place}/{index}"
            if name in self._definition.functions:
                continue
            found: list[Problem] = []
            nodes = self._tasks(name, pointer, found)
            if nodes and not any(leaves_engine(node) for node in nodes):
                message = f"`{name}` is no task that calls something, and no function of the flow"
                found.append(self._problem("not-called", pointer, message, "remove it"))
            elif nodes and all(getattr(node.detail, "kind", "") == "workflow" for node in nodes):
                message = f"`{name}` runs another workflow, which a test does not do for real"
                found.append(self._problem("not-called", pointer, message, "mock it"))
            yield from found

    def _listening(self, name: str, pointer: str) -> Iterator[Problem]:
        found: list[Problem] = []
        nodes = self._tasks(name, pointer, found)
        if nodes and not any(node.kind == "listen" for node in nodes):
            message = f"`{name}` is a `{nodes[0].kind}` task and never listens"
            found.append(self._problem("not-listening", pointer, message, "name a `listen` task"))
        yield from found

    def _expectations(self) -> Iterator[Problem]:
        expect = self._case.expect
        found: list[Problem] = []
        for part, names in (
            ("path", expect.path or ()),
            ("path/contains", expect.path_contains),
            ("path/never", expect.path_never),
        ):
            for index, name in enumerate(names):
                self._tasks(name, f"{expect.pointer}/{part}/{index}", found)
        yield from found
        for calls in expect.calls:
            yield from self._mock(calls.task, calls.pointer)

    def _secrets(self) -> Iterator[Problem]:
        shared = self._case.source.data.get("secrets", {})
        for name in self._case.secrets:
            if name not in self._plan.secret_names and name not in shared:
                known = listed(self._plan.secret_names, "and") or "none"
                yield self._problem(
                    "unknown-secret",
                    f"{self._case.pointer}/secrets/{escape(name)}",
                    f"the flow does not use a secret `{name}`",
                    did_you_mean(name, self._plan.secret_names, f"its `use.secrets` has {known}"),
                    warning=True,
                )
