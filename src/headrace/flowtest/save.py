"""A case from an execution that really happened: its input, the answers it got, the events it took, its end.

Answers are taken in the order in which the calls began, so attempts and iterations come as they came. The
output of a task run is on record behind its `output.as`, so it is saved as a `result` where there is one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection
from itertools import takewhile
from typing import Any

import msgspec
import orjson

from headrace.call.answer import is_retryable_status
from headrace.engine.evaluate import iso8601
from headrace.engine.plan import Node, Plan
from headrace.engine.state import FINAL_STATUSES
from headrace.errors import STANDARD_ERROR_BASE, HeadraceError
from headrace.flowtest.plan import leaves_engine
from headrace.flowtest.read import read_tests
from headrace.flowtest.recorded_events import recorded_publications
from headrace.runtime.definitions import Definitions, Deployed
from headrace.spec.masking import MASK, texts_in
from headrace.spec.write import as_text
from headrace.store.port import ExecutionRow, Store, TaskRun

HISTORY_PAGE = 5000

_SECRET = re.compile(r"""\$secrets(?:\.([A-Za-z_]\w*)|\[?\.?"([^"]+)"\]?)((?:\.[A-Za-z_]\w*)*)""")


class Unfit(HeadraceError):
    """An execution that no test is made from."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A test file with one case; `notes` are what a person should know or do about it, also in the text."""

    text: str
    name: str
    definition_digest: str
    notes: tuple[str, ...] = ()


async def case_from_execution(
    store: Store,
    execution_id: str,
    *,
    name: str | None = None,
    flow: str | None = None,
    known_functions: Collection[str] = (),
    definitions: Definitions | None = None,
) -> Saved:
    """Return a test file with one case that does what an execution did.

    `name` is the case's, `flow` the flow's file as the test file should name it. `known_functions` are those
    that a program provides itself; a program that has `definitions` of the store gives them instead. Raises
    `Unfit` for an execution that is not there, not over, or of which history keeps too little.
    """
    row = await store.execution(execution_id)
    if row is None:
        raise Unfit(f"there is no execution {execution_id}; `headrace executions list` shows all")
    if row.status not in FINAL_STATUSES:
        raise Unfit(
            f"execution {execution_id} is {row.status}; a test is saved from one that is over "
            "(`headrace executions wait`, or cancel it)"
        )
    if row.status == "cancelled":
        raise Unfit(
            f"execution {execution_id} was cancelled by a person, which a test does not do; "
            "save one that came to its own end"
        )
    if definitions is None:
        definitions = Definitions(store, known_functions=lambda: frozenset(known_functions))
    deployed = await definitions.by_digest(row.definition_digest)
    if deployed.plan.history == "outcome":
        raise Unfit(
            f"{row.namespace}/{row.name} has `history: outcome`, which keeps no calls; "
            "set `history: full` (or `calls`) and run it again"
        )
    runs = await _history(store, execution_id)
    # Of many task runs it takes a while, in which a server has others to answer.
    return await asyncio.to_thread(_Saving(row, runs, deployed).saved, name, flow)


def saved_of(text: str, definition_digest: str) -> Saved:
    """Return what a test file's text was made from, as another process saved it."""
    tests, problems = read_tests(text, "saved.test.yaml")
    if tests is None:
        raise HeadraceError("the saved test cannot be read: " + "; ".join(map(str, problems)))
    # The first line of the comments says of which execution, each other one is a note.
    head = list(takewhile(lambda line: line.startswith("# "), text.splitlines()))
    return Saved(
        text=text,
        name=tests.cases[0].name,
        definition_digest=definition_digest,
        notes=tuple(line.removeprefix("# ") for line in head[1:]),
    )


class _Saving:
    def __init__(self, row: ExecutionRow, runs: list[TaskRun], deployed: Deployed) -> None:
        self._row = row
        self._plan: Plan = deployed.plan
        self._deployed = deployed
        self._runs = sorted(runs, key=lambda run: run.started_sequence)
        self._by_id = {run.run_id: run for run in runs}
        self._notes: list[str] = []

    def saved(self, name: str | None, flow: str | None) -> Saved:
        row = self._row
        name = name or f"as in {row.id}"
        case: dict[str, Any] = {
            "input": _decoded(row.input),
            "id": row.id,
            "now": iso8601(row.started_at if row.started_at is not None else row.created_at),
        }
        if secrets := self._secrets():
            case["secrets"] = secrets
        if mocks := self._mocks():
            case["mocks"] = mocks
        publications, notes = recorded_publications(self._plan, self._runs, self._row.id)
        self._notes += notes
        if publications:
            case["publish"] = publications
        case["expect"] = self._expect()
        if case["input"] is None:
            del case["input"]
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", row.id):
            del case["id"]  # a child's: its parent's id with a number
        self._note_about_reruns()
        data: dict[str, Any] = {**({} if flow is None else {"flow": flow}), "cases": {name: case}}
        if any(MASK in text for text in texts_in(data)):
            self._notes.append(
                f"Secrets are not kept: their text is {MASK} here. Where a test value stands for the secret, "
                f"it is masked in the same way, so {MASK} is equal to it; put a value in place of {MASK} "
                "only where the flow computes with it."
            )
        flow_text = f"{row.namespace}/{row.name}:{row.workflow_version}"
        head = f"Saved from execution {row.id} of {flow_text}, which {row.status} at {_ended(row)}."
        text = as_text(data, [head, *self._notes])
        return Saved(text=text, name=name, definition_digest=row.definition_digest, notes=tuple(self._notes))

    def _note_about_reruns(self) -> None:
        if self._row.rerun_of is not None:
            self._notes.append(
                f"The execution was a rerun of {self._row.rerun_of}; the test runs it from the beginning. "
                "Where the rerun had other input than was recorded, what is expected here differs."
            )

    # --- secrets ----------------------------------------------------------------------------------------

    def _secrets(self) -> dict[str, Any]:
        """Return test values for the secrets of the flow, in the shape in which its expressions use them."""
        found: dict[str, Any] = {name: f"test-{name}" for name in self._plan.secret_names}
        for first, second, members in _SECRET.findall(self._deployed.definition.source):
            name, way = first or second, [part for part in members.split(".") if part]
            if name in found and way:
                if not isinstance(found[name], dict):
                    found[name] = {}
                _put(found[name], way, f"test-{name}-{'-'.join(way)}")
        return found

    # --- mocks ------------------------------------------------------------------------------------------

    def _mocks(self) -> dict[str, Any]:
        """Return the mocks of all tasks that left the engine."""
        names: dict[str, set[str]] = {}
        for each in self._plan.nodes.values():
            names.setdefault(each.name, set()).add(each.pointer)
        mocks: dict[str, Any] = {}
        for pointer in dict.fromkeys(run.pointer for run in self._runs):
            node = self._plan.nodes.get(pointer)
            if node is None or not leaves_engine(node):
                continue
            runs = [run for run in self._runs if run.pointer == pointer and run.status != "skipped"]
            if runs:
                # A name that several tasks have would answer for all of them.
                key = node.name if len(names[node.name]) == 1 else pointer
                mocks[key] = self._mock(node, runs)
        return mocks

    def _mock(self, node: Node, runs: list[TaskRun]) -> Any:
        iterations: dict[int, list[Any]] = {}
        one_loop = True
        for run in runs:
            loops = self._iterations(run)
            one_loop = one_loop and len(loops) == 1
            iterations.setdefault(loops[0] if loops else 0, []).extend(self._answers(node, run))
        if one_loop and len(runs) > 1 and list(iterations) == list(range(len(iterations))):
            each = [_counted(answers) for answers in iterations.values()]
            return {"iterations": [_alone(answers) for answers in each]}
        return _alone(_counted([answer for run in runs for answer in self._answers(node, run)]))

    def _iterations(self, run: TaskRun) -> list[int]:
        """Return the iterations of the loops around a run, the innermost first."""
        found: list[int] = []
        current: TaskRun | None = run
        while current is not None:
            if current.iteration is not None:
                found.append(current.iteration)
            current = self._by_id.get(current.parent_id)
        return found

    def _answers(self, node: Node, run: TaskRun) -> list[dict[str, Any]]:
        """Return the answers of one task run: those that were tried again, then the last."""
        details = _decoded(run.details) or {}
        answers = [
            self._failure(node, attempt["error"], again=True) for attempt in details.get("attempts") or []
        ]
        if run.status == "completed":
            kind = "output" if node.output_as is None else "result"
            answers.append({kind: _decoded(run.output)})
        elif run.status == "cancelled" or self._timed_out(node, run):
            answers.append({"never": True})
        else:
            answers.append(self._failure(node, _decoded(run.error) or {}, again=False))
        if "/fork/branches/" in run.pointer and len(answers) == 1 and "never" not in answers[0]:
            # Who was first in a fork decides what came after.
            answers[0]["delay"] = _duration(run.ended_at - run.started_at)
        return answers

    @staticmethod
    def _timed_out(node: Node, run: TaskRun) -> bool:
        """Tell whether the engine's own timer ended the call, so that no answer came."""
        error = _decoded(run.error) or {}
        return (
            node.timeout is not None
            and error.get("type") == STANDARD_ERROR_BASE + "timeout"
            and error.get("title") == "Timed out"
        )

    @staticmethod
    def _failure(node: Node, error: dict[str, Any], *, again: bool) -> dict[str, Any]:
        written = short_error(error)
        if written.get("instance") == node.pointer:
            del written["instance"]
        answer: dict[str, Any] = {"error": written}
        usual = is_retryable_status(int(error.get("status", 500)))
        retried = again if getattr(node.detail, "retry", None) is not None else usual
        if retried != usual:
            answer["retryable"] = retried
        return answer

    # --- expectations -----------------------------------------------------------------------------------

    def _expect(self) -> dict[str, Any]:
        row = self._row
        expect: dict[str, Any] = {"status": row.status}
        if row.error is not None:
            expect["error"] = {
                name: _literally(value) for name, value in short_error(_decoded(row.error)).items()
            }
        else:
            expect["output"] = _decoded(row.output)
        whole = self._plan.history == "full" and all(run.count == 1 for run in self._runs)
        taken = [run for run in self._runs if run.status != "skipped" and run.count == 1]
        path = [run.name if run.pointer in self._plan.nodes else run.pointer for run in taken]
        if whole:
            expect["path"] = path
        elif path:
            expect["path"] = {"contains": path}
            self._notes.append("History does not have every task run, so the path is expected in part.")
        return expect


def short_error(error: dict[str, Any]) -> dict[str, Any]:
    """Return an error as people write it: a standard type by its short name."""
    kind = str(error.get("type", ""))
    return {**error, "type": kind.removeprefix(STANDARD_ERROR_BASE)} if kind else dict(error)


def _literally(value: Any) -> Any:
    """Return a text that an expectation takes as it is, where it looks like a regular expression."""
    if isinstance(value, str) and len(value) > 2 and value.startswith("/") and value.endswith("/"):
        return "/^" + re.escape(value) + "$/"
    return value


def _counted(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers with those that are equal and follow each other as one, with `times`."""
    counted: list[dict[str, Any]] = []
    for answer in answers:
        if counted and {**counted[-1], "times": 0} == {**answer, "times": 0}:
            counted[-1]["times"] = counted[-1].get("times", 1) + 1
        else:
            counted.append(dict(answer))
    return counted


def _alone(answers: list[dict[str, Any]]) -> Any:
    """Return one answer without its list: then it is that of every call."""
    return answers[0] if len(answers) == 1 and "times" not in answers[0] else answers


def _put(data: dict[str, Any], way: list[str], value: str) -> None:
    for part in way[:-1]:
        inner = data.get(part)
        data[part] = data = inner if isinstance(inner, dict) else {}
    data.setdefault(way[-1], value)


def _duration(seconds: float) -> str:
    return f"PT{max(seconds, 0.0):.3f}S"


def _ended(row: ExecutionRow) -> str:
    return iso8601(row.ended_at if row.ended_at is not None else row.created_at)


def _decoded(data: bytes | None) -> Any:
    return None if data is None else orjson.loads(data)


async def _history(store: Store, execution_id: str) -> list[TaskRun]:
    found: list[TaskRun] = []
    while True:
        page = await store.history(
            execution_id, after=found[-1].ended_sequence if found else -1, limit=HISTORY_PAGE
        )
        found += page
        if len(page) < HISTORY_PAGE:
            return found
