"""Sees executions end: rules `faulted` and `slower`.

An end that no rule is about costs one look-up. What a rule is about is recorded at once, and what ended
between the last record and a kill is found in the store at the next start.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from headrace.alert.clock import Clock
from headrace.alert.happening import error_of, execution_event, happening
from headrace.alert.recorder import Recorder
from headrace.alert.rules import Rule, Rules
from headrace.store.alerts import AlertStore, Ongoing, RuleName
from headrace.store.port import Transition

PAGE = 500
# Ends are recorded in the order of their commits, which is nearly that of their times.
OVERLAP_SECONDS = 5.0
WINDOW = "window"


class Window:
    """The faults of one rule within its time, with the executions that they are of."""

    def __init__(self) -> None:
        self.faults: deque[tuple[float, str, dict[str, Any]]] = deque()
        self.keys: set[str] = set()
        self.firing = False

    def add(self, at: float, key: str, event: dict[str, Any]) -> bool:
        """Take a fault; False when it is known."""
        if key in self.keys:
            return False
        self.keys.add(key)
        self.faults.append((at, key, event))
        return True

    def forget(self, before: float) -> None:
        """Forget what is older."""
        while self.faults and self.faults[0][0] < before:
            self.keys.discard(self.faults.popleft()[1])


class Watch:
    """Evaluates rules on executions that ended."""

    def __init__(self, store: AlertStore, rules: Rules, recorder: Recorder, clock: Clock) -> None:
        self._store = store
        self._rules = rules
        self._recorder = recorder
        self._clock = clock
        self._windows: dict[RuleName, Window] = {}
        self._cursor_at = 0.0

    def committed(self, transition: Transition) -> None:
        """Take note of a transition that is durable."""
        if transition.ended_at is None:
            return
        rules = self._rules.about(transition.namespace, transition.name)
        if not rules:
            return
        ended_at = transition.ended_at
        if transition.status == "faulted" and "faulted" in rules:
            self._faulted(
                rules["faulted"],
                (transition.namespace, transition.name, transition.execution_id),
                ended_at,
                transition.error,
            )
        seconds = ended_at - transition.created_at
        for rule in rules.get("slower", ()):
            if seconds > rule.alert.seconds:
                self.slow(rule, transition.execution_id, transition.name, seconds, ended_at)

    def slow(self, rule: Rule, execution_id: str, flow: str, seconds: float, at: float) -> None:
        """Tell, once, that an execution takes longer than its rule says."""
        event = execution_event(rule.name.namespace, flow, execution_id, seconds=round(seconds, 3))
        self._recorder.add(happenings=(happening(rule, "firing", at, event, key=execution_id),))

    def _faulted(
        self, rules: list[Rule], execution: tuple[str, str, str], at: float, error: bytes | None
    ) -> None:
        namespace, flow, execution_id = execution
        event = execution_event(namespace, flow, execution_id, error=error_of(error))
        for rule in rules:
            if rule.alert.count == 1:
                told = happening(rule, "firing", at, event, key=execution_id)
                self._recorder.add(happenings=(told,), cursor=at)
            else:
                self._in_window(rule, execution_id, at, event)
        self._cursor_at = max(self._cursor_at, at)

    def _in_window(self, rule: Rule, execution_id: str, at: float, event: dict[str, Any]) -> None:
        window = self._windows.setdefault(rule.name, Window())
        window.forget(at - rule.alert.seconds)
        if not window.add(at, execution_id, event):
            return
        counted = ((rule.name, execution_id, at),)
        if window.firing or len(window.faults) < rule.alert.count:
            self._recorder.add(counted=counted, cursor=at)
            return
        window.firing = True
        self._recorder.add(
            counted=counted,
            happenings=tuple(happening(rule, "firing", at, each) for _, _, each in window.faults),
            begun=(Ongoing(name=rule.name, subject=WINDOW, since=at),),
            cursor=at,
        )

    def look(self, now: float) -> None:
        """See whether a rule with a window is over."""
        for name, window in list(self._windows.items()):
            rule = self._rules.get(name)
            if rule is None or rule.alert.count == 1:
                del self._windows[name]
                continue
            window.forget(now - rule.alert.seconds)
            if window.firing and len(window.faults) < rule.alert.count:
                window.firing = False
                event = {"faults": len(window.faults)}
                self._recorder.add(
                    happenings=(happening(rule, "resolved", now, event),), over=((name, WINDOW),)
                )

    async def restore(self, ongoing: list[Ongoing], cursor: float | None) -> None:
        """Go on where an earlier process stopped, and see what it could not."""
        now = self._clock.now()
        firing = {each.name for each in ongoing if each.subject == WINDOW}
        for rule in self._rules.of("faulted"):
            if rule.alert.count > 1:
                window = self._windows[rule.name] = Window()
                window.firing = rule.name in firing
                for key, at in await self._store.told(rule.name, now - rule.alert.seconds):
                    window.add(at, key, execution_event(rule.name.namespace, rule.name.flow, key))
        if cursor is None:
            # Alerts begin now: what faulted before there were any is not news.
            self._recorder.add(cursor=now)
            return
        after = (cursor - OVERLAP_SECONDS, "")
        while True:
            page = await self._store.faulted(after, PAGE)
            for ended in page:
                rules = self._rules.about(ended.namespace, ended.flow).get("faulted")
                if rules:
                    execution = (ended.namespace, ended.flow, ended.execution_id)
                    self._faulted(rules, execution, ended.ended_at, ended.error)
            if len(page) < PAGE:
                break
            after = (page[-1].ended_at, page[-1].execution_id)
        self._recorder.add(cursor=now)
