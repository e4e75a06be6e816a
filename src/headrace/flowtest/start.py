"""What an execution under test is started with: its input, or what a trigger makes of what comes to it.

The triggers are put together as the server does it (`source.build`), and only asked what they would start.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast
from urllib.parse import quote, urlencode

import orjson

from headrace.engine.evaluate import iso8601
from headrace.errors import ExpressionError, HeadraceError
from headrace.flowtest.case import Case
from headrace.flowtest.difference import shown
from headrace.flowtest.read import epoch_seconds
from headrace.queue.port import WorkQueue
from headrace.source.build import Parts, Tools, build
from headrace.source.http.answer import problem_answer
from headrace.source.http.problem import HttpProblem
from headrace.source.http.route import HttpRoute
from headrace.source.manual import manual_delivery
from headrace.source.matching import Filters
from headrace.source.port import SourceError, StartOutcome, StartRequest
from headrace.spec.flowapp import Definition
from headrace.spec.problem import did_you_mean, listed
from headrace.spec.trigger import Trigger

# What a trigger of each kind is given in a test.
_GIVEN = {"http": "request", "event": "event", "cron": "time", "interval": "time", "queue": "item"}
_PARTS = ("request", "event", "time", "item")


class NoStart(HeadraceError):
    """The delivery starts nothing, or the flow has no such trigger; `pointer` is the place in the test."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


class Begin(NamedTuple):
    """What starts the execution: its input and, where a request is answered with its end, who answers."""

    input: Any
    route: HttpRoute | None = None


def begin(definition: Definition, case: Case) -> Begin:
    """Return what the execution is started with. Raises `NoStart`."""
    if case.event is None and case.trigger is None:
        return Begin(case.input)
    starting = _Starting(definition, case)
    return Begin(starting.input(), starting.route)


def answer_of(
    route: HttpRoute, execution_id: str, status: str, output: Any, error: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the answer to a request as data: status, headers, and a body of JSON as what it says."""
    try:
        answer = route.answer(execution_id, status, output, error)
    except HttpProblem as problem:
        answer = problem_answer(problem)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
    kind = headers.get("content-type", "").partition(";")[0]
    body: Any = None
    if answer.body:
        is_json = kind == "application/json" or kind.endswith("+json")
        body = orjson.loads(answer.body) if is_json else answer.body.decode("utf-8", "replace")
    return {"status": answer.status, "headers": headers, "body": body}


class _Clock(NamedTuple):
    moment: float

    def now(self) -> float:
        return self.moment

    async def sleep_until(self, moment: float) -> None:
        raise AssertionError("a trigger that is only asked does not wait")


class _App(NamedTuple):
    namespace: str
    name: str
    definition: Definition


class _Starting:
    def __init__(self, definition: Definition, case: Case) -> None:
        self._app = _App(definition.namespace, definition.name, definition)
        self._case = case
        self._triggers = definition.all_triggers()
        self.route: HttpRoute | None = None

    def input(self) -> Any:
        """Return what the trigger makes of what came."""
        try:
            return self._by_event() if self._case.trigger is None else self._by_trigger(self._case.trigger)
        except (SourceError, ExpressionError) as error:
            part = "trigger" if self._case.event is None else "event"
            raise NoStart(f"{self._case.pointer}/{part}", str(error)) from error

    def _by_event(self) -> Any:
        event = self._event(self._case.event or {})
        place = f"{self._case.pointer}/event"
        takers = [trigger for trigger in self._triggers if trigger.event is not None]
        if not takers:
            raise NoStart(place, "the flow has no trigger on events; start it with `input` or `trigger`")
        for trigger in takers:
            if self._wants(trigger, event):
                return self._made(trigger, event)
        names = listed((trigger.name for trigger in takers), "and")
        raise NoStart(place, f"no trigger takes the event {shown(event)}; the flow has {names}")

    def _by_trigger(self, delivery: dict[str, Any]) -> Any:
        place = f"{self._case.pointer}/trigger"
        trigger = next((each for each in self._triggers if each.name == delivery["name"]), None)
        if trigger is None:
            names = [each.name for each in self._triggers]
            known = f"it has {listed(names, 'and')}" if names else "it has none"
            remedy = did_you_mean(delivery["name"], names, known)
            raise NoStart(f"{place}/name", f"the flow has no trigger `{delivery['name']}`; {remedy}")
        wanted = _GIVEN.get(trigger.kind, "item")
        given = next((part for part in _PARTS if part in delivery), None)
        if given is not None and given != wanted:
            message = f"`{trigger.name}` is a trigger of the kind {trigger.kind}; give it `{wanted}`"
            raise NoStart(f"{place}/{given}", message)
        if trigger.http is not None:
            return self._requested(trigger, delivery.get("request", {}), f"{place}/request")
        if wanted == "time":
            at = epoch_seconds(delivery["time"]) if "time" in delivery else self._case.now
            return self._made(trigger, ..., at)
        if wanted == "event":
            return self._evented(trigger, delivery.get("event"), place)
        return self._made(trigger, delivery.get("item"))

    def _evented(self, trigger: Trigger, given: Any, place: str) -> Any:
        if given is None:
            raise NoStart(place, f"`{trigger.name}` is a trigger on events; give it `event`")
        events = [self._event(each, number) for number, each in enumerate(_as_list(given), 1)]
        for event in events:
            if not self._wants(trigger, event):
                raise NoStart(f"{place}/event", f"`{trigger.name}` does not take the event {shown(event)}")
        return self._made(trigger, events if isinstance(given, list) else events[0])

    # --- deliveries -------------------------------------------------------------------------------------

    def _parts(self, trigger: Trigger, now: float) -> Parts:
        # Nothing of this runs, so there is nothing to keep and nobody to tell.
        nothing: Any = None
        tools = Tools(
            store=nothing,
            start=_never,
            clock=_Clock(now),
            openings=nothing,
            recorder=nothing,
            open_queue=_no_queue,
            factories={trigger.kind: lambda *_: nothing},
        )
        return build(self._app, trigger, None, tools, held=False)

    def _made(self, trigger: Trigger, payload: Any, now: float | None = None) -> Any:
        at = self._case.now if now is None else now
        parts = self._parts(trigger, at)
        delivery = manual_delivery(parts, payload, self._case.execution_id, at)
        return parts.gate.request(delivery).input

    def _wants(self, trigger: Trigger, event: dict[str, Any]) -> bool:
        assert trigger.event is not None
        evaluate = self._app.definition.workflow.evaluate
        filters = Filters(trigger.event.to, evaluate.language, evaluate.mode, trigger.name)
        taken = filters.wants(event, self._case.now) or filters.until_matching(event, self._case.now)
        return bool(taken)

    def _event(self, written: dict[str, Any], number: int = 1) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": f"{self._case.execution_id}/start/{number}",
            "source": "/headrace/test",
            "time": iso8601(self._case.now),
            **written,
        }

    def _requested(self, trigger: Trigger, written: dict[str, Any], place: str) -> Any:
        """Return what the trigger makes of a request, through the very bytes of one."""
        target = self._parts(trigger, self._case.now).target
        assert target is not None
        params = {name: _text(value) for name, value in written.get("params", {}).items()}
        path = target.path
        for name, value in params.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        query = {
            name: [_text(each) for each in value] if isinstance(value, list) else _text(value)
            for name, value in written.get("query", {}).items()
        }
        headers = {name.lower(): value for name, value in written.get("headers", {}).items()}
        content_type = headers.get("content-type", "application/json")
        body = _body(written.get("body"), content_type) if "body" in written else b""
        if body:
            headers["content-type"] = content_type
        try:
            route = HttpRoute(target, params)
            request = route.request(
                written.get("method", target.method),
                path,
                [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
                urlencode(query, doseq=True).encode("latin-1"),
                body,
            )
        except HttpProblem as problem:
            raise NoStart(place, f"the request is answered with {problem.status}: {problem}") from problem
        if target.reply == "output":
            self.route = route
        return request.input


def _body(body: Any, content_type: str) -> bytes:
    kind = content_type.partition(";")[0].strip().lower()
    if isinstance(body, str) and kind != "application/json" and not kind.endswith("+json"):
        return body.encode()
    return orjson.dumps(body)


def _text(value: Any) -> str:
    """Return a value as people write it into an address: `true`, not `True`."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _as_list(given: Any) -> list[dict[str, Any]]:
    return given if isinstance(given, list) else [given]


async def _never(request: StartRequest) -> StartOutcome:
    raise AssertionError("a trigger that is only asked starts nothing")


async def _no_queue(namespace: str, name: str) -> WorkQueue:
    return cast(WorkQueue, None)
