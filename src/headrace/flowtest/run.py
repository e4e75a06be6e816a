"""Runs one case: the real runtime on a store in memory, with mocks for calls and a clock of its own."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import orjson

from headrace.engine.state import FINAL_STATUSES
from headrace.engine.waiting import Waiting
from headrace.errors import HeadraceError
from headrace.flowtest.calls import CaseCalls
from headrace.flowtest.case import Case
from headrace.flowtest.check import check_case
from headrace.flowtest.children import CaseDefinitions
from headrace.flowtest.difference import shown
from headrace.flowtest.drive import CALLS_AT_ONCE, TURNS_MAX, Drive
from headrace.flowtest.expect import Outcome, failures_of
from headrace.flowtest.plan import is_transformed, prepare
from headrace.flowtest.stage import Stage
from headrace.flowtest.start import Begin, NoStart, answer_of, begin
from headrace.flowtest.trace import RecordingStore, Trace
from headrace.flowtest.verdict import Failure, Verdict
from headrace.runtime.clock import ManualClock
from headrace.runtime.definitions import Deployed
from headrace.runtime.runtime import Runtime
from headrace.runtime.secrets import ChainedSecrets, MappingSecrets, Masker, secrets_for
from headrace.spec.flowapp import Definition
from headrace.store.port import ExecutionRow, Store, TaskRun

# Real time that a case may take: a function that hangs, a loop without end.
SECONDS_MAX = 60.0
HISTORY_PAGE = 5000


async def run_case(
    definition: Definition, case: Case, stage: Stage, *, seconds_max: float = SECONDS_MAX
) -> Verdict:
    """Run a case on a definition and say how it went. `seconds_max` limits real time.

    Raises `HeadraceError` only for what is wrong with the definition or the stage, not with the case.
    """
    began = time.monotonic()
    if case.skip is not None:
        return _verdict(case, "skipped", began)
    async with stage.store() as opened:
        store = RecordingStore(opened)
        definitions = CaseDefinitions(store, case.now, fetch=stage.fetch, catalog=stage.catalog)
        deployed = await definitions.deploy(definition.source, definition.file, case.now, local=True)
        problems = [each for each in check_case(case, deployed.plan, definition) if each.severity == "error"]
        if problems:
            failures = [
                Failure(
                    what="case",
                    message=problem.message + (f"; {problem.remedy}" if problem.remedy else ""),
                    line=problem.line,
                    column=problem.column,
                    pointer=problem.pointer,
                )
                for problem in problems
            ]
            return _verdict(case, "failed", began, failures=failures)
        try:
            start = begin(definition, case)
        except NoStart as error:
            failure = _failure(case, error.pointer.rpartition("/")[2], str(error), error.pointer)
            return _verdict(case, "failed", began, failures=[failure])
        return await _Run(case, deployed, definitions, store, stage).verdict(start, began, seconds_max)


class _Run:
    """One case on its way."""

    def __init__(
        self,
        case: Case,
        deployed: Deployed,
        definitions: CaseDefinitions,
        store: RecordingStore,
        stage: Stage,
    ) -> None:
        prepare(deployed.plan)
        self._case = case
        self._deployed = deployed
        self._store = store
        self._clock = ManualClock(case.now)
        self._trace = Trace(case.execution_id)
        given = MappingSecrets(case.secrets)
        secrets = given if stage.secrets is None else ChainedSecrets((given, stage.secrets))
        self._calls = CaseCalls(
            case,
            self._trace,
            self._clock,
            masker=Masker(secrets_for(deployed.plan.secret_names, secrets)),
            transformed=lambda pointer: is_transformed(deployed.plan, pointer),
            real=lambda: stage.calls(deployed),
        )
        self._runtime = Runtime(
            store,
            self._calls,
            definitions,
            clock=self._clock,
            secrets=secrets,
            max_concurrent_calls=CALLS_AT_ONCE,
        )
        self._drive = Drive(self._runtime, self._calls, self._clock, case.execution_id, case.publish)

    async def verdict(self, start: Begin, began: float, seconds_max: float) -> Verdict:
        """Run to the end and compare."""
        stuck: Failure | None = None
        self._runtime.observe(self._trace.on)
        await self._runtime.start()
        try:
            try:
                async with asyncio.timeout(seconds_max):
                    await self._runtime.start_execution(
                        self._deployed, start.input, execution_id=self._case.execution_id
                    )
                    await self._drive.to_end()
            except TimeoutError:
                stuck = self._unfinished(f"not finished after {seconds_max:g} s of real time")
            waiting = await self._runtime.waiting(self._case.execution_id)
        finally:
            await self._runtime.stop(grace_seconds=0.0)
        if self._drive.endless:
            stuck = self._unfinished(f"not finished after {TURNS_MAX:,} turns of the clock: it has no end")
        outcome = await self._outcome(start, waiting)
        failures = [
            _failure(self._case, "mocks", message, pointer) for pointer, message in self._calls.refusals
        ]
        if stuck is not None:
            failures.append(stuck)
        if not failures:
            # A call without an answer, or no end, makes all else different: one mistake, one message.
            failures = [*failures_of(self._case, outcome), *self._unpublished(outcome)]
        return _verdict(
            self._case, "failed" if failures else "passed", began, failures=failures, outcome=outcome
        )

    async def _outcome(self, start: Begin, waiting: list[Waiting]) -> Outcome:
        row = await self._store.execution(self._case.execution_id)
        assert isinstance(row, ExecutionRow)
        ended = row.ended_at if row.ended_at is not None else self._clock.now()
        output, error = _decoded(row.output), _decoded(row.error)
        answer = None
        if start.route is not None and row.ended_at is not None:
            answer = answer_of(start.route, row.id, row.status, output, error)
        return Outcome(
            status=row.status,
            input=_decoded(row.input),
            output=output,
            error=error,
            context=await self._context(row),
            steps=tuple(self._trace.steps),
            calls=tuple(self._calls.made),
            events=tuple(self._store.published),
            seconds=round(ended - self._case.now, 6),
            now=self._clock.now(),
            waiting=tuple(_waits(each) for each in waiting),
            answer=answer,
        )

    async def _context(self, row: ExecutionRow) -> Any:
        """Return `$context` at the end: as it was exported last, else the workflow's input."""
        runs: list[TaskRun] = []
        while True:
            page = await self._store.history(
                row.id, after=runs[-1].ended_sequence if runs else -1, limit=HISTORY_PAGE
            )
            runs += page
            if len(page) < HISTORY_PAGE:
                break
        exported = [run for run in runs if run.context is not None]
        if exported:
            return _decoded(exported[-1].context)
        first = min(runs, key=lambda run: run.started_sequence, default=None)
        # The first task's raw input is the workflow's transformed one, which is the initial context.
        return _decoded(row.input if first is None else first.input)

    def _unfinished(self, message: str) -> Failure:
        steps = self._trace.steps
        last = f"; the last task was `{steps[-1].name}` ({steps[-1].pointer})" if steps else ""
        return _failure(self._case, "case", message + last, self._case.pointer)

    def _unpublished(self, outcome: Outcome) -> list[Failure]:
        if outcome.status not in FINAL_STATUSES and self._case.expect.status == outcome.status:
            what = "nobody listens for it"
        else:
            what = f"the execution {outcome.status} before"
        return [
            _failure(
                self._case,
                "publish",
                f"the event {each.event['type']} was not published: {what}",
                each.pointer,
            )
            for each in self._drive.unpublished
        ]


def _waits(each: Waiting) -> str:
    """Say what an open task waits for."""
    where = f"waits in `{each.task}` ({each.pointer})" if each.pointer else "waits"
    if each.reason == "event":
        return f"{where} for an event like {shown(each.events)}; give it one with `publish`"
    if each.reason == "call":
        return f"{where} for {each.target}, which never answers"
    return f"{where} for: {each.reason}"


def _failure(case: Case, what: str, message: str, pointer: str) -> Failure:
    line, column = case.place(pointer)
    return Failure(what=what, message=message, line=line, column=column, pointer=pointer)


def _verdict(
    case: Case,
    status: str,
    began: float,
    *,
    failures: list[Failure] | None = None,
    outcome: Outcome | None = None,
) -> Verdict:
    verdict: dict[str, Any] = {}
    if outcome is not None:
        verdict = {
            "execution_status": outcome.status,
            "output": outcome.output,
            "error": outcome.error,
            "context": outcome.context,
            "path": tuple(step.name for step in outcome.steps),
            "calls": outcome.calls,
            "events": outcome.events,
            "skipped_seconds": outcome.seconds,
        }
    return Verdict(
        case=case.name,
        file=case.file,
        line=case.place()[0],
        status=status,
        failures=tuple(failures or ()),
        skip=case.skip,
        seconds=time.monotonic() - began,
        **verdict,
    )


def _decoded(data: bytes | None) -> Any:
    return None if data is None else orjson.loads(data)


async def plan_for(definition: Definition, stage: Stage) -> Deployed:
    """Return the definition as it is deployed for a case: to check cases against before they run.

    Raises `InvalidDefinition`, and `HeadraceError` for documents that cannot be fetched.
    """
    store: Store
    async with stage.store() as store:
        definitions = CaseDefinitions(store, 0.0, fetch=stage.fetch, catalog=stage.catalog)
        return await definitions.deploy(definition.source, definition.file, 0.0, local=True)


__all__ = ["SECONDS_MAX", "HeadraceError", "plan_for", "run_case"]
