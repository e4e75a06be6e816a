"""Test files: text to cases, or to everything that is wrong with it, with places."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from headrace.errors import STANDARD_ERROR_BASE, STANDARD_ERROR_STATUS, ExpressionError, canonical_error_type
from headrace.expr import Expression, compile_runtime_expression, is_expression
from headrace.flowtest.case import (
    Answer,
    Assertion,
    Case,
    CaseFile,
    Expectation,
    ExpectedCall,
    ExpectedCalls,
    Mock,
    Publication,
)
from headrace.flowtest.difference import as_regex
from headrace.flowtest.grammar import ANSWERS, TESTS
from headrace.spec.flowapp import duration_ms
from headrace.spec.parse import parse
from headrace.spec.problem import Problem, escape
from headrace.spec.source import SourceDocument
from headrace.spec.validate import in_order
from headrace.spec.walk import Scope, Walk

# Where the clock of a case starts that does not say: 2027-01-15T08:00:00Z.
NOW = 1_800_000_000.0

# Names that expressions may use, without `$`.
CALL_NAMES = ("input", "call")
END_NAMES = ("input", "context", "status", "error", "events", "path", "durationSeconds")


def read_tests(text: str, file: str) -> tuple[CaseFile | None, list[Problem]]:
    """Read a test file; `file` is how it is called in problems. Returns no cases when there are errors."""
    source, problems = parse(text, file)
    if source is None:
        return None, problems
    walk = Walk(source, {})
    TESTS.visit(walk, source.data, "", Scope())
    _check_texts(walk)
    problems = in_order([*problems, *walk.problems])
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return _Reader(source).tests(), problems


def _check_texts(walk: Walk) -> None:
    """Compile the expressions and regular expressions that the walk found."""
    for site in walk.sites:
        if site.role == "expression":
            try:
                compile_runtime_expression(site.value, variables=_names_at(site.pointer))
            except ExpressionError as error:
                walk.error("expression", site.pointer, str(error))
        elif site.role == "pattern":
            _check_patterns(walk, site.value, site.pointer)
        elif site.role == "data" and (text := _expression_in(site.value)) is not None:
            walk.warning(
                "literal",
                site.pointer,
                f"`{text}` is data here, as it stands",
                "for a computed answer write `compute` with the expression",
            )


def _expression_in(value: Any) -> str | None:
    """Return a text in `value` that looks like an expression, else None."""
    if isinstance(value, str):
        return value if is_expression(value) else None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for part in parts if (found := _expression_in(part)) is not None), None)


def _names_at(pointer: str) -> Collection[str]:
    return END_NAMES if pointer.split("/")[3:4] == ["expect"] and "/calls/" not in pointer else CALL_NAMES


def _check_patterns(walk: Walk, value: Any, pointer: str) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _check_patterns(walk, part, f"{pointer}/{escape(name)}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            _check_patterns(walk, part, f"{pointer}/{index}")
    elif isinstance(value, str):
        try:
            as_regex(value)
        except re.error as error:
            walk.error(
                "regex", pointer, f"`{value}` is not a regular expression: {error}", "text between `/` is one"
            )


class _Reader:
    """Builds the cases of a document without errors."""

    def __init__(self, source: SourceDocument) -> None:
        self._source = source

    def tests(self) -> CaseFile:
        data = self._source.data
        cases = tuple(self._case(name, case, data) for name, case in data["cases"].items())
        return CaseFile(source=self._source, flow=data.get("flow"), cases=cases)

    def _case(self, name: str, case: dict[str, Any], shared: dict[str, Any]) -> Case:
        pointer = f"/cases/{escape(name)}"
        mocks = [
            _mock(task, mock, f"{place}/mocks/{escape(task)}")
            for data, place in ((case, pointer), (shared, ""))
            for task, mock in data.get("mocks", {}).items()
        ]
        real = case.get("real", shared.get("real", []))
        now = case.get("now", shared.get("now"))
        return Case(
            name=name,
            pointer=pointer,
            source=self._source,
            execution_id=case.get("id") or self._execution_id(name),
            expect=_expectation(case.get("expect", {}), f"{pointer}/expect"),
            input=case.get("input"),
            event=case.get("event"),
            trigger=case.get("trigger"),
            mocks=tuple(mocks),
            real_functions=real == "functions",
            real=() if isinstance(real, str) else tuple(real),
            real_first="real" in case,
            secrets={**shared.get("secrets", {}), **case.get("secrets", {})},
            now=NOW if now is None else epoch_seconds(now),
            publish=tuple(
                _publication(each, f"{pointer}/publish/{index}")
                for index, each in enumerate(case.get("publish", []))
            ),
            skip=case.get("skip"),
        )

    def _execution_id(self, name: str) -> str:
        file = self._source.file.replace("\\", "/").rpartition("/")[2]
        return "test-" + hashlib.blake2b(f"{file}:{name}".encode(), digest_size=10).hexdigest()


def epoch_seconds(time: str) -> float:
    """Return the epoch seconds of an RFC 3339 time."""
    return datetime.fromisoformat(time.upper()).timestamp()


def _seconds(written: Any) -> float:
    return duration_ms(written) / 1000


def _expression(source: str, names: Collection[str]) -> Expression:
    return compile_runtime_expression(source, variables=names)


# --- mocks ----------------------------------------------------------------------------------------------


def _mock(task: str, data: Any, pointer: str) -> Mock:
    if isinstance(data, list):
        return Mock(task=task, pointer=pointer, answers=_answers(data, pointer))
    if "iterations" in data:
        iterations = tuple(
            _answers(each, f"{pointer}/iterations/{index}")
            if isinstance(each, list)
            else (_answer(each, f"{pointer}/iterations/{index}", None),)
            for index, each in enumerate(data["iterations"])
        )
        return Mock(task=task, pointer=pointer, iterations=iterations)
    return Mock(task=task, pointer=pointer, answers=(_answer(data, pointer, None),))


def _answers(data: list[Any], pointer: str) -> tuple[Answer, ...]:
    return tuple(_answer(each, f"{pointer}/{index}", 1) for index, each in enumerate(data))


def _answer(data: dict[str, Any], pointer: str, times: int | None) -> Answer:
    kind = next(name for name in ANSWERS if name in data)
    if "when" in data:
        times = None
    if "times" in data:
        times = None if data["times"] == "any" else int(data["times"])
    return Answer(
        pointer=pointer,
        kind=kind,
        value=error_data(data[kind]) if kind == "error" else data[kind],
        compute=_expression(data["compute"], CALL_NAMES) if kind == "compute" else None,
        when=_expression(data["when"], CALL_NAMES) if "when" in data else None,
        delay_seconds=_seconds(data["delay"]) if "delay" in data else 0.0,
        times=times,
        retryable=data.get("retryable"),
    )


def error_data(written: dict[str, Any] | int) -> dict[str, Any]:
    """Return the members of an error as a test writes it: a status alone, a type by its short name."""
    data: dict[str, Any] = {"status": int(written)} if not isinstance(written, dict) else dict(written)
    kind = data.get("type", "communication")
    if kind in STANDARD_ERROR_STATUS:
        data.setdefault("status", STANDARD_ERROR_STATUS[kind])
        data["type"] = STANDARD_ERROR_BASE + kind
    else:
        data.setdefault("status", 500)
        data["type"] = canonical_error_type(kind)
    return data


def _publication(data: dict[str, Any], pointer: str) -> Publication:
    return Publication(
        pointer=pointer,
        event=data["event"],
        at_seconds=_seconds(data["at"]) if "at" in data else None,
        when=data.get("when"),
    )


# --- expectations ---------------------------------------------------------------------------------------


def _expectation(data: dict[str, Any], pointer: str) -> Expectation:
    path = data.get("path")
    events = data.get("events")
    duration = data.get("duration")
    between = duration if isinstance(duration, dict) and ("min" in duration or "max" in duration) else {}
    return Expectation(
        pointer=pointer,
        status=data.get("status") or ("faulted" if "error" in data else "completed"),
        output=data.get("output", ...),
        matches=data.get("matches", ...),
        assertions=_assertions(data, pointer, END_NAMES),
        error=_expected_error(data["error"]) if "error" in data else None,
        path=tuple(path) if isinstance(path, list) else None,
        path_contains=tuple(path.get("contains", ())) if isinstance(path, dict) else (),
        path_never=tuple(path.get("never", ())) if isinstance(path, dict) else (),
        calls=tuple(
            _expected_calls(task, calls, f"{pointer}/calls/{escape(task)}")
            for task, calls in data.get("calls", {}).items()
        ),
        events=tuple(events) if isinstance(events, list) else None,
        events_contain=tuple(events.get("contains", ())) if isinstance(events, dict) else (),
        answer=data.get("answer"),
        context=data.get("context", ...),
        duration_seconds=_seconds(duration) if duration is not None and not between else None,
        duration_seconds_min=_seconds(between["min"]) if "min" in between else None,
        duration_seconds_max=_seconds(between["max"]) if "max" in between else None,
    )


def _expected_error(written: dict[str, Any] | int) -> dict[str, Any]:
    if not isinstance(written, dict):
        return {"status": int(written)}
    kind = written.get("type")
    if kind is None:
        return written
    return {
        **written,
        "type": STANDARD_ERROR_BASE + kind if kind in STANDARD_ERROR_STATUS else canonical_error_type(kind),
    }


def _assertions(data: dict[str, Any], pointer: str, names: Collection[str]) -> tuple[Assertion, ...]:
    written = data.get("assert", [])
    sources = (
        [(written, f"{pointer}/assert")]
        if isinstance(written, str)
        else [(source, f"{pointer}/assert/{index}") for index, source in enumerate(written)]
    )
    return tuple(
        Assertion(pointer=place, source=source, expression=_expression(source, names))
        for source, place in sources
    )


def _expected_calls(task: str, data: Any, pointer: str) -> ExpectedCalls:
    if isinstance(data, list):
        calls = tuple(_expected_call(each, f"{pointer}/{index}") for index, each in enumerate(data))
        return ExpectedCalls(task=task, pointer=pointer, times=len(calls), calls=calls)
    if not isinstance(data, dict):
        return ExpectedCalls(task=task, pointer=pointer, times=int(data))
    times = data.get("times")
    return ExpectedCalls(
        task=task,
        pointer=pointer,
        times=None if times is None else int(times),
        each=_expected_call(data, pointer),
    )


def _expected_call(data: dict[str, Any], pointer: str) -> ExpectedCall:
    return ExpectedCall(
        pointer=pointer,
        with_=data.get("with", ...),
        matches=data.get("matches", ...),
        assertions=_assertions(data, pointer, CALL_NAMES),
    )
