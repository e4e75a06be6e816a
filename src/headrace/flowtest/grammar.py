"""The shape of a test file, as tables that one walk checks (`spec.shape`)."""

from __future__ import annotations

import re
from typing import Any

from headrace.flowtest.case import AnswerKind
from headrace.spec import text_rules
from headrace.spec.problem import escape
from headrace.spec.shape import (
    Anything,
    Either,
    Flag,
    ListOf,
    MapOf,
    Object,
    Rule,
    Shape,
    Text,
    Whole,
)
from headrace.spec.walk import Walk

STATUSES = ("completed", "faulted", "cancelled", "waiting", "suspended")
ANSWERS: tuple[AnswerKind, ...] = ("output", "result", "compute", "error", "never")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
STARTS = ("input", "event", "trigger")

EXPRESSION = Text(role="expression")
_UNITS = {unit: Whole(0) for unit in ("days", "hours", "minutes", "seconds", "milliseconds")}
DURATION = Either(
    Object("a duration", _UNITS),
    Text(complaint=text_rules.fixed_duration, code="duration"),
)
NAME = Text(pattern=text_rules.NOT_EMPTY, means="a name")
TASK_NAME = Text(pattern=text_rules.NOT_EMPTY, means="the name or reference of a task", role="task")
_STATUS_CODE = Whole(100, 599)


def _time(text: str) -> str | None:
    if text_rules.is_expression(text):
        return f"`{text}` is not a time; write it like `2026-01-31T12:00:00Z`"
    return text_rules.time_or_expression(text)


TIME = Text(complaint=_time, code="time")


def _not_both(*names: str) -> Rule:
    """Make the rule that at most one of the properties is there."""

    def rule(walk: Walk, data: dict[str, Any], pointer: str) -> None:
        present = [name for name in data if name in names]
        for name in present[1:]:
            walk.error(
                "exclusive-properties",
                f"{pointer}/{escape(name)}",
                f"`{name}` cannot stand beside `{present[0]}`",
                "remove one of them",
                at_key=True,
            )

    return rule


# --- mocks ----------------------------------------------------------------------------------------------

ERROR = Either(
    _STATUS_CODE,
    Object(
        "an error",
        {"type": NAME, "status": _STATUS_CODE, "title": Text(), "detail": Text(), "instance": Text()},
        extra=Anything(),
    ),
)


def _retryable_error(walk: Walk, data: dict[str, Any], pointer: str) -> None:
    if "retryable" in data and "error" not in data:
        walk.error(
            "exclusive-properties", f"{pointer}/retryable", "`retryable` goes with `error` only", at_key=True
        )


ANSWER = Object(
    "an answer",
    {
        "output": Anything(role="data"),
        "result": Anything(role="data"),
        "compute": EXPRESSION,
        "error": ERROR,
        "never": Flag(),
        "delay": DURATION,
        "when": EXPRESSION,
        "times": Either(Whole(1), Text(values=("any",))),
        "retryable": Flag(),
    },
    one_of=(ANSWERS,),
    rules=(_retryable_error,),
)
_ANSWERS = ListOf(ANSWER)


_BY_ITERATION = Object("a mock", {"iterations": ListOf(Either(ANSWER, _ANSWERS))}, required=("iterations",))
# What a mock is one of: one answer, a list of answers, answers by iteration.
MOCK_SHAPES = (_ANSWERS, _BY_ITERATION, ANSWER)


class Mock(Shape):
    """A mock: which of its shapes it has is told by what is in it, so that problems are about that one."""

    expected = "a map or a list"

    def accepts(self, data: Any) -> bool:
        return isinstance(data, dict | list)

    def check(self, walk: Walk, data: Any, pointer: str, scope: Any) -> None:
        if isinstance(data, list):
            if not data:
                walk.error("empty", pointer, "the list has no answers", "add one, or remove the mock")
            _ANSWERS.check(walk, data, pointer, scope)
        elif "iterations" in data:
            _BY_ITERATION.check(walk, data, pointer, scope)
        else:
            ANSWER.check(walk, data, pointer, scope)


MOCKS = MapOf(Mock(), role="mocks")

# --- the start ------------------------------------------------------------------------------------------

EVENT = Object(
    "an event",
    {
        "type": NAME,
        "source": NAME,
        "id": NAME,
        "time": TIME,
        "subject": NAME,
        "data": Anything(),
    },
    required=("type",),
    extra=Anything(),
)
TRIGGER = Object(
    "a trigger's delivery",
    {
        "name": NAME,
        "request": Object(
            "a request",
            {
                "method": Text(values=METHODS),
                "params": MapOf(Anything()),
                "query": MapOf(Anything()),
                "headers": MapOf(Text()),
                "body": Anything(),
            },
        ),
        "event": Either(EVENT, ListOf(EVENT)),
        "time": TIME,
        "item": Anything(),
    },
    required=("name",),
    rules=(_not_both("request", "event", "time", "item"),),
)
PUBLICATION = Object(
    "an event to publish",
    {"event": EVENT, "at": DURATION, "when": TASK_NAME},
    required=("event",),
    rules=(_not_both("at", "when"),),
)

# --- expectations ---------------------------------------------------------------------------------------

CALL = Object(
    "an expected call",
    {
        "times": Whole(0),
        "with": Anything(),
        "matches": Anything(role="pattern"),
        "assert": Either(EXPRESSION, ListOf(EXPRESSION)),
    },
)
_ONE_CALL = Object(
    "an expected call",
    {name: shape for name, shape in CALL.properties.items() if name != "times"},
)
EXPECTED_EVENT = MapOf(Anything(role="pattern"))
EXPECT = Object(
    "`expect`",
    {
        "status": Text(values=STATUSES),
        "output": Anything(),
        "matches": Anything(role="pattern"),
        "assert": Either(EXPRESSION, ListOf(EXPRESSION)),
        "error": Either(
            _STATUS_CODE,
            Object(
                "an expected error",
                {
                    "type": NAME,
                    "status": _STATUS_CODE,
                    "title": Text(role="pattern"),
                    "detail": Text(role="pattern"),
                    "instance": Text(),
                },
                extra=Anything(role="pattern"),
            ),
        ),
        "path": Either(
            ListOf(TASK_NAME),
            Object("an expected path", {"contains": ListOf(TASK_NAME), "never": ListOf(TASK_NAME)}),
        ),
        "calls": MapOf(Either(Whole(0), CALL, ListOf(_ONE_CALL)), role="calls"),
        "events": Either(
            ListOf(EXPECTED_EVENT), Object("expected events", {"contains": ListOf(EXPECTED_EVENT)})
        ),
        "answer": Object(
            "an expected answer",
            {
                "status": _STATUS_CODE,
                "headers": MapOf(Text(role="pattern")),
                "body": Anything(role="pattern"),
            },
        ),
        "context": Anything(),
        "duration": Either(
            Object(
                "an expected duration",
                {
                    **_UNITS,
                    "min": DURATION,
                    "max": DURATION,
                },
            ),
            Text(complaint=text_rules.fixed_duration, code="duration"),
        ),
    },
    rules=(_not_both("output", "error"),),
)

# --- the file -------------------------------------------------------------------------------------------

REAL = Either(Text(values=("functions",)), ListOf(Text(role="real")))
_SHARED: dict[str, Shape] = {
    "mocks": MOCKS,
    "real": REAL,
    "secrets": MapOf(Anything()),
    "now": TIME,
}
CASE = Object(
    "a case",
    {
        "description": Text(),
        "skip": NAME,
        "input": Anything(),
        "event": EVENT,
        "trigger": TRIGGER,
        **_SHARED,
        "id": Text(
            pattern=re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z"),
            means="an id of at most 64 letters, digits, `-` and `_`",
            example="order-1",
        ),
        "publish": ListOf(PUBLICATION),
        "expect": EXPECT,
    },
    rules=(_not_both(*STARTS),),
)
TESTS = Object(
    "a test file",
    {"flow": NAME, "description": Text(), **_SHARED, "cases": MapOf(CASE, minimum=1)},
    required=("cases",),
)
